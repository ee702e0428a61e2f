#include "base/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <vector>

#include "base/error.hpp"
#include "base/hex.hpp"

namespace reprieve {

void fill_random(std::span<unsigned char> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = getrandom(bytes.data(), bytes.size(), 0);
        if (count <= 0) throw_errno("the kernel gives no random bytes", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> raw(bytes);
    fill_random(raw);
    std::string text;
    text.reserve(2 * bytes);
    for (const unsigned char byte : raw) append_hex(text, byte);
    return text;
}

}  // namespace reprieve
