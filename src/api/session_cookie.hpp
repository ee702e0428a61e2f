#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/wire/message.hpp"

namespace reprieve::api {

// The cookie that keeps a browser signed in (RFC 6265). Its value is a token. Scripts cannot read it (HttpOnly), and
// browsers do not send it with requests of other sites' pages (SameSite=Strict).

/// Returns the token in the Cookie header; empty if there is none, more than one, or one that cannot be a token.
std::string_view session_token(const http::Request& request);

/// Makes the browser keep the token for `lifetime_us` (microseconds, rounded down to seconds). If `is_secure` is set,
/// the browser sends the cookie over https only.
void set_session_cookie(http::Response& response, const std::string& token, std::int64_t lifetime_us, bool is_secure);

/// Makes the browser delete the cookie. `is_secure` is as for set_session_cookie().
void clear_session_cookie(http::Response& response, bool is_secure);

}  // namespace reprieve::api
