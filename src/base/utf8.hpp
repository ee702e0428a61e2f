#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

struct Utf8Character {
    char32_t code = 0;
    std::size_t bytes = 0;  ///< that it takes up
};

/// The first character of a text that is not empty; nothing where that is not valid UTF-8 (RFC 3629: no overlong
/// forms, no surrogates, nothing beyond U+10FFFF).
std::optional<Utf8Character> first_character(std::string_view text);

/// How many characters (code points) a text has; nothing where it is not valid UTF-8.
std::optional<std::size_t> utf8_length(std::string_view text);

/// The text with U+FFFD in the place of every byte that is no part of valid UTF-8.
std::string as_utf8(std::string_view text);

/// True for what ends a line, steers a terminal or turns the direction of the text.
bool steers_output(char32_t code);

}  // namespace reprieve
