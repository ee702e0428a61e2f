#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/endpoint.hpp"

namespace reprieve::net {

struct HttpRequest {
    std::string method;
    std::string target;                                        ///< path and query, percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;  ///< without Host, Connection and Content-Length
    std::string body;
};

/// Returns true for GET and HEAD: the idempotent methods used here, which may be repeated (RFC 9110, 9.2.2).
bool may_repeat(const HttpRequest& request);

/// Serializes the request, with Host and, if needed, Content-Length. Throws bad_request if its head has an extra line
/// end or a NUL.
std::string wire_form(const HttpRequest& request, const Endpoint& endpoint);

}  // namespace reprieve::net
