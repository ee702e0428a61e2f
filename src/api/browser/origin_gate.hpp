#pragma once

#include <set>
#include <string>

#include "config/config.hpp"
#include "http/wire/message.hpp"

namespace reprieve::api {

/// Gate that keeps the pages of other sites away from an appliance that a browser can reach.
///
/// - The Host of every request must be a name or address of the appliance: a loopback name, the address on which it
///   listens (any IP address if it listens on all), the machine's own name if it listens beyond loopback, the host of
///   server.public_url, or one of server.allowed_hosts. This refuses names that an attacker points at this machine (DNS
///   rebinding).
/// - A page may send a request that changes something (any method but GET) only if the page itself has the host and
///   port of the request's Host, or those of server.public_url. A browser names the page in Origin or Sec-Fetch-Site.
///   If the request or server.public_url is https, the page must be https, too.
///
/// Requests on the admin socket are not checked, because no browser reaches it. Any thread may call.
class OriginGate {
public:
    /// `listen_address`: the IP address on which the server listens, without port.
    OriginGate(const Config::Server& config, const std::string& listen_address);

    /// Throws misdirected if the Host of the request is not a name or address of this appliance. Throws forbidden if
    /// the method is not GET and a page of another site sent the request.
    void check(const http::Request& request) const;

private:
    bool is_known(std::string_view authority) const;
    bool is_own_page(const http::Request& request) const;

    std::set<std::string, std::less<>> hosts_;
    const bool is_public_https_;
    std::string public_authority_;
    bool has_any_address_ = false;
};

}  // namespace reprieve::api
