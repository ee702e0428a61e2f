#pragma once

#include <set>
#include <string>

#include "config/config.hpp"
#include "http/wire/message.hpp"

namespace reprieve::api {

/// Keeps the pages of other sites away from an appliance that a browser can reach.
///
/// - The Host of every request must be an address that the appliance knows: loopback names, the address it listens on
///   (any, where it listens on all of them), the machine's own name beyond loopback, the host of server.public_url,
///   server.allowed_hosts. So a name that an attacker points at this machine is refused (DNS rebinding).
/// - A request that changes something and that a page made (a browser sends Origin or Sec-Fetch-Site with it) must come
///   from a page of this very address, port included, or of server.public_url, and over https where that is spoken.
///
/// The admin socket is not checked: no browser reaches it. Any thread may call.
class OriginGate {
public:
    OriginGate(const Config::Server& config, const std::string& listen_address);

    /// Throws misdirected or forbidden.
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
