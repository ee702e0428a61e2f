#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve::net {

/// Address of an HTTP server.
struct Endpoint {
    bool is_tls = false;
    std::string host;  ///< name or address (IPv6 without brackets); sent as Host, and must match the certificate
    std::uint16_t port = 0;

    /// Numeric address to connect to. If set, `host` is not looked up. For callers that must check an address before
    /// they connect to it.
    std::optional<std::string> address;
};

/// Parts of an http or https URL.
struct Url {
    Endpoint endpoint;
    std::string path;  ///< path and query; begins with '/'
};

/// Parses "http://host[:port][/path]", or the same with https. Throws bad_request for anything else, including a user
/// or password, a fragment, characters that a URL cannot contain (RFC 3986), and more than 8192 bytes.
Url parse_url(std::string_view text);

/// Returns "host:port" for the Host header, with brackets around an IPv6 address. Leaves out the scheme's default port.
std::string host_header(const Endpoint& endpoint);

}  // namespace reprieve::net
