#pragma once

#include "http/wire/message.hpp"

namespace reprieve::api {

/// True for a browser that was given the bare address: it takes text/html by name, and no JSON.
bool asks_for_page(const http::Request& request);

/// Sends a browser to where the page is.
void send_to_page(http::Response& response);

}  // namespace reprieve::api
