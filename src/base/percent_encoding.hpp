#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// Returns the text with every byte written as %XX, except the unreserved characters of RFC 3986, 2.3 (letters, digits
/// and -._~), which are kept.
std::string percent_encode(std::string_view text);

}  // namespace reprieve
