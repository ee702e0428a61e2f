#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/endpoint.hpp"

namespace reprieve::net {

struct HttpRequest {
    std::string method;
    std::string target;                                        ///< path and query, percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;  ///< must not have Host, Connection or Content-Length
    std::string body;
};

/// Returns true if the method is GET or HEAD. A request with an idempotent method may be sent again (RFC 9110, 9.2.2);
/// no other idempotent methods are used here.
bool may_repeat(const HttpRequest& request);

/// Returns the bytes of the request to send to `endpoint`, with the headers Host and, if needed, Content-Length added.
/// Throws bad_request if a part of the head contains a line end or a NUL.
std::string wire_form(const HttpRequest& request, const Endpoint& endpoint);

}  // namespace reprieve::net
