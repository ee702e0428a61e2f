#pragma once

#include <string>
#include <string_view>

namespace reprieve::http {

/// A token of RFC 9110, 5.6.2: what methods and the names of headers are made of.
bool is_token(std::string_view text);

/// True where no control character but the tab is in it, so that it cannot end a header.
bool is_field_value(std::string_view text);

/// Without outer spaces and tabs.
std::string_view trim(std::string_view text);

/// ASCII letters in lower case.
char to_lower(char c);
std::string to_lower(std::string_view text);

/// Equal but for the case of ASCII letters.
bool is_same_name(std::string_view a, std::string_view b);

}  // namespace reprieve::http
