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

    /// Numeric address to connect to. If it is set, `host` is not looked up. Callers that must check an address before
    /// a connection to it set this member.
    std::optional<std::string> address;
};

/// Parts of an http or https URL.
struct Url {
    Endpoint endpoint;
    std::string path;  ///< path and query; begins with '/'
};

/// Parses a URL "http://host[:port][/path]" or "https://host[:port][/path]". Throws bad_request for anything else,
/// including a user or password, a fragment, characters that a URL cannot contain (RFC 3986), and more than 8192 bytes.
Url parse_url(std::string_view text);

/// Returns "host:port" for the Host header, with brackets around an IPv6 address. Leaves out the scheme's default port.
std::string host_header(const Endpoint& endpoint);

}  // namespace reprieve::net
