#pragma once

#include <string>
#include <string_view>

namespace reprieve::identity {

/// Throws bad_request where `name` is no name for a user, project or credential (`what`): 1 to 255 characters of UTF-8,
/// none that steers a terminal, no space at an end.
void check_name(std::string_view what, const std::string& name);

/// Throws bad_request where it has more than 1,000 characters, or is not UTF-8.
void check_description(const std::string& description);

/// An id for something new: 32 random hexadecimal digits.
std::string new_id();

}  // namespace reprieve::identity
