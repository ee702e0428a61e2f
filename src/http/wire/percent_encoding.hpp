#pragma once

#include <string>
#include <string_view>

#include "http/wire/message.hpp"

namespace reprieve::http {

/// Decodes %XX (RFC 3986, 2.1), and with `plus_is_space` also '+', as forms write a space. Throws
/// bad_request for a broken %XX or a decoded NUL; `what` names the text in the message.
std::string decode_percent(std::string_view text, bool plus_is_space, std::string_view what);

/// Splits a raw query at '&' and '=' and decodes it; empty pairs are dropped. Throws as decode_percent does.
Fields parse_query(std::string_view text);

}  // namespace reprieve::http
