#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

struct Utf8Character {
    char32_t code = 0;
    std::size_t bytes = 0;  ///< number of bytes of the character in UTF-8, 1 to 4
};

/// Returns the first character of the text, or nullopt if the text does not begin with valid UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, no code above U+10FFFF). Requires: `text` is not empty.
std::optional<Utf8Character> first_character(std::string_view text);

/// Returns the number of characters (code points) of the text, or nullopt if it is not valid UTF-8.
std::optional<std::size_t> utf8_length(std::string_view text);

/// Returns the text with U+FFFD in place of each byte that is not part of valid UTF-8.
std::string as_utf8(std::string_view text);

/// Returns true if the character is a control character, a line or paragraph separator, or a mark that changes the
/// direction of text. Such a character could end a line, control a terminal or reorder the text that a person reads.
bool steers_output(char32_t code);

}  // namespace reprieve
