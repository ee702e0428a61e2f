#include "config/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/utf8.hpp"

namespace reprieve {

std::string read_secret_file(const std::string& path, const std::string& setting) {
    constexpr std::size_t max_bytes = 4096;
    const auto refuse = [&](const std::string& why) {
        throw Error(ErrorKind::bad_request, setting + ": the file " + path + " " + why);
    };
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts {};
    if (!file || ::fstat(file.get(), &facts) != 0) refuse(std::string("cannot be opened: ") + std::strerror(errno));
    if ((facts.st_mode & S_IROTH) != 0) refuse("can be read by everybody: change that with chmod o-r");
    std::array<char, max_bytes + 1> bytes{};
    const ssize_t count = ::read(file.get(), bytes.data(), bytes.size());
    if (count < 0) refuse(std::string("cannot be read: ") + std::strerror(errno));
    std::string secret(bytes.data(), static_cast<std::size_t>(count));
    if (secret.size() > max_bytes) refuse("is too long to hold one secret");
    if (secret.ends_with('\n')) secret.pop_back();
    if (secret.ends_with('\r')) secret.pop_back();
    if (secret.empty()) refuse("is empty");
    if (secret.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos || !utf8_length(secret))
        refuse("holds more than one line of text");
    return secret;
}

}  // namespace reprieve
