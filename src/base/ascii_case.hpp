#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// Returns the argument with its ASCII letters in lower case. Leaves all other bytes unchanged, and does not depend on
/// the locale.
char to_lower(char c);
std::string to_lower(std::string_view text);

/// Returns true if both texts are equal when the case of ASCII letters is ignored.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace reprieve
