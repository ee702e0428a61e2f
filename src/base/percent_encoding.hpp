#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// Returns the text with every byte as %XX, except the unreserved characters of RFC 3986, 2.3.
std::string percent_encode(std::string_view text);

}  // namespace reprieve
