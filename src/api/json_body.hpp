#pragma once

#include <cstddef>
#include <string>

#include "http/wire/message.hpp"

namespace reprieve::api {

/// Returns the boolean `name` of the JSON object in the body; false if the body is empty or the object has no member.
/// Throws bad_request for any other body or member, and too_large above `limit` bytes (never more than 4096).
bool read_flag(http::Request& request, std::size_t limit, const std::string& name);

/// Returns the text `name` of the JSON object in the body. Ignores other members. Throws bad_request if the text is
/// missing or empty, and too_large as read_flag() does.
std::string read_text(http::Request& request, std::size_t limit, const std::string& name);

}  // namespace reprieve::api
