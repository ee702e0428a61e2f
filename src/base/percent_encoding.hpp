#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// %XX for all but the unreserved characters of RFC 3986, 2.3.
std::string percent_encode(std::string_view text);

}  // namespace reprieve
