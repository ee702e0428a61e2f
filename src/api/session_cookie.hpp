#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/wire/message.hpp"

namespace reprieve::api {

/// The cookie that keeps a browser signed in (RFC 6265): its value is a token. No script can read it (HttpOnly), and no
/// other site's page can have it sent (SameSite=Strict).

/// The token in the Cookie header; empty where there is none, or more than one, or one that cannot be a token.
std::string_view session_token(const http::Request& request);

/// Has the browser keep the token for so long. `is_secure`: send it over https alone.
void set_session_cookie(http::Response& response, const std::string& token, std::int64_t lifetime_us, bool is_secure);

/// Has the browser forget it.
void clear_session_cookie(http::Response& response, bool is_secure);

}  // namespace reprieve::api
