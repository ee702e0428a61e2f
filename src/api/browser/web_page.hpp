#pragma once

#include "http/wire/message.hpp"

namespace reprieve::api {

/// Returns true if the request comes from a browser that wants a page: its Accept names text/html and does not name
/// application/json.
bool asks_for_page(const http::Request& request);

/// Redirects a browser to the web page, /ui/.
void send_to_page(http::Response& response);

}  // namespace reprieve::api
