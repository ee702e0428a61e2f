#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "http/wire/message.hpp"

namespace reprieve::http {

/// Reader of the headers in which trusted proxies describe a request: X-Forwarded-For, -Proto and -Host. From any other
/// sender these headers must be ignored. Any thread may call.
class TrustedProxies {
public:
    TrustedProxies() = default;
    explicit TrustedProxies(std::vector<AddressBlock> blocks) : blocks_(std::move(blocks)) {}

    /// Returns true for the address of a trusted proxy.
    bool contains(const IpAddress& address) const;

    /// Facts about the client's own request, as the proxy received it.
    struct Origin {
        std::optional<IpAddress> address;  ///< client's address; nullopt: the request's sender is the client
        std::optional<bool> is_https;      ///< the client uses https to the proxy; nullopt: as the proxy to this server
        std::string host;                  ///< host that the client asked for; empty: use the Host header
    };

    /// Reads the headers of a request. Requires: a trusted proxy sent it. The client is the rightmost address of
    /// X-Forwarded-For that is not a trusted proxy, because the addresses before it could be forged. If all are trusted
    /// proxies, the client is the leftmost. Throws bad_request if a value that is used is malformed.
    Origin read(const Fields& headers) const;

private:
    std::optional<IpAddress> client_of(const Fields& headers) const;

    std::vector<AddressBlock> blocks_;
};

}  // namespace reprieve::http
