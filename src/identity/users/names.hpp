#pragma once

#include <string>
#include <string_view>

namespace reprieve::identity {

/// Throws bad_request unless `name` has 1 to 255 characters of UTF-8, no control characters that a terminal would obey,
/// and no space at either end. `what` names the kind of thing for the message, such as "user".
void check_name(std::string_view what, const std::string& name);

/// Throws bad_request if the description has more than 1,000 characters or is not UTF-8.
void check_description(const std::string& description);

/// Returns a new id: 32 random hexadecimal digits.
std::string new_id();

}  // namespace reprieve::identity
