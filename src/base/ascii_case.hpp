#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// ASCII letters in lower case; the locale has no say.
char to_lower(char c);
std::string to_lower(std::string_view text);

/// Equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace reprieve
