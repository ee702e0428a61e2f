#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// Returns the argument with ASCII letters in lower case. Other bytes stay; the locale does not matter.
char to_lower(char c);
std::string to_lower(std::string_view text);

/// Returns true if both texts are equal when the case of ASCII letters is ignored.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace reprieve
