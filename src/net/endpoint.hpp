#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve::net {

/// Where a server of HTTP is.
struct Endpoint {
    bool is_tls = false;
    std::string
        host;  ///< a name or an address (IPv6 without brackets): what is asked for, and what a certificate names
    std::uint16_t port = 0;

    /// Where this is set, `host` is not looked up: exactly this address, a number, is connected to. For who has to
    /// check an address before use.
    std::optional<std::string> address;
};

/// An address of the web in its parts.
struct Url {
    Endpoint endpoint;
    std::string path;  ///< with the query; never empty, begins with /
};

/// Reads "http://host[:port][/path]" or https. Throws bad_request for anything else, for a user or password in it, and
/// for characters that a URL cannot hold (RFC 3986). A fragment is refused.
Url parse_url(std::string_view text);

/// "host:port", with brackets around an IPv6 address; without the port where it is the scheme's own.
std::string host_header(const Endpoint& endpoint);

}  // namespace reprieve::net
