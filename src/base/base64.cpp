#include "base/base64.hpp"

#include <cstdint>

namespace reprieve {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t group_digits = 4;

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % group_digits != 0) return {};
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    text.remove_suffix(padding);
    std::string bytes;
    bytes.reserve(text.size() * 3 / group_digits);
    std::uint32_t bits = 0;
    unsigned count = 0;  // bits read that are not in `bytes` yet
    for (const char c : text) {
        const auto value = digits.find(c);
        if (value == std::string_view::npos) return {};
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xffU);
    }
    // The unused bits must be zero, so that no two texts decode to the same bytes.
    if ((bits & ((1U << count) - 1)) != 0) return {};
    return bytes;
}

}  // namespace reprieve
