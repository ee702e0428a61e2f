#pragma once

#include <cstdint>
#include <string>

#include "config/config.hpp"

namespace reprieve::app {

/// Returns the URL of this server to show to new clients, without a slash at the end: server.public_url if it is set,
/// else a URL with the address and the `port` on which the server listens. If the server listens on all addresses, the
/// URL has an address at which other machines can reach this machine now.
std::string own_url(const Config::Server& config, std::uint16_t port);

}  // namespace reprieve::app
