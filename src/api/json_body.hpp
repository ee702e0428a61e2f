#pragma once

#include <cstddef>
#include <string>

#include "http/message.hpp"

namespace reprieve::api {

/// The truth value of that name in the body's JSON object; false where the body or the member is missing. Throws
/// bad_request for anything else, also for another member.
bool read_flag(http::Request& request, std::size_t limit, const std::string& name);

}  // namespace reprieve::api
