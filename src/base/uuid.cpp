#include "base/uuid.hpp"

#include <array>

#include "base/hex.hpp"
#include "base/random.hpp"

namespace reprieve {
namespace {

constexpr bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string new_uuid() {
    std::array<unsigned char, 16> bytes{};
    fill_random(bytes);
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    std::string text;
    text.reserve(36);
    for (const unsigned char byte : bytes) {
        if (is_dash_place(text.size())) text += '-';
        append_hex(text, byte);
    }
    return text;
}

bool is_canonical_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_place(i) ? text[i] != '-' : lower_hex_digits.find(text[i]) == std::string_view::npos) return false;
    }
    return true;
}

}  // namespace reprieve
