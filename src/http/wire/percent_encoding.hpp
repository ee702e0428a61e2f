#pragma once

#include <string>
#include <string_view>

#include "http/wire/message.hpp"

namespace reprieve::http {

/// Decodes %XX (RFC 3986, 2.1). If `plus_is_space` is set, '+' becomes a space, as in HTML forms. Throws bad_request
/// for a broken %XX or a decoded NUL. `what` is the name of the text for the message of that error.
std::string decode_percent(std::string_view text, bool plus_is_space, std::string_view what);

/// Splits a raw query at '&' and '=' and decodes it. Ignores empty pairs. Throws as decode_percent() does.
Fields parse_query(std::string_view text);

}  // namespace reprieve::http
