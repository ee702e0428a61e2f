#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/endpoint.hpp"

namespace reprieve::net {

struct HttpRequest {
    std::string method;
    std::string target;                                        ///< path and query, as they go over the wire
    std::vector<std::pair<std::string, std::string>> headers;  ///< beside Host, Connection and Content-Length
    std::string body;
};

/// True for what a server may be asked twice without harm (RFC 9110, 9.2.2), as far as it is used here.
bool may_repeat(const HttpRequest& request);

/// The request as it goes over the wire. Throws bad_request for one that cannot be sent: with a line end in it.
std::string wire_form(const HttpRequest& request, const Endpoint& endpoint);

}  // namespace reprieve::net
