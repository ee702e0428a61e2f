#pragma once

#include <string>
#include <string_view>

namespace reprieve {

inline constexpr std::string_view lower_hex_digits = "0123456789abcdef";
inline constexpr std::string_view upper_hex_digits = "0123456789ABCDEF";

/// Appends the byte to `text` as two hexadecimal digits.
inline void append_hex(std::string& text, unsigned char byte, std::string_view digits = lower_hex_digits) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
}

}  // namespace reprieve
