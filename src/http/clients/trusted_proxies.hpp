#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "http/wire/message.hpp"

namespace reprieve::http {

/// What proxies that we trust say of a request, in the headers that they all use: X-Forwarded-For, -Proto and -Host.
/// From anybody else these are only text. Any thread may call.
class TrustedProxies {
public:
    TrustedProxies() = default;
    explicit TrustedProxies(std::vector<AddressBlock> blocks) : blocks_(std::move(blocks)) {}

    bool contains(const IpAddress& address) const;

    /// What a request is really about.
    struct Origin {
        std::optional<IpAddress> address;  ///< of the client; nothing: whoever sent it
        std::optional<bool> is_https;      ///< as the client spoke to the proxy; nothing: as the proxy spoke to us
        std::string host;                  ///< as the client asked; empty: as the Host header says
    };

    /// Reads the headers of a request that a trusted proxy has sent. The client is the rightmost address of
    /// X-Forwarded-For that is no trusted proxy, for all before it could have been made up; where all are, the
    /// leftmost. Throws bad_request where what counts is malformed.
    Origin read(const Fields& headers) const;

private:
    std::optional<IpAddress> client_of(const Fields& headers) const;

    std::vector<AddressBlock> blocks_;
};

}  // namespace reprieve::http
