#pragma once

#include <cstddef>
#include <string>

#include "http/wire/message.hpp"

namespace reprieve::api {

/// The truth value of that name in the body's JSON object; false where the body or the member is missing. Throws
/// bad_request for anything else, also for another member.
bool read_flag(http::Request& request, std::size_t limit, const std::string& name);

/// The text of that name in the body's JSON object, which may have other members. Throws bad_request where there is
/// none, or an empty one.
std::string read_text(http::Request& request, std::size_t limit, const std::string& name);

}  // namespace reprieve::api
