#pragma once

#include <cstdint>
#include <string>

#include "config/config.hpp"

namespace reprieve::app {

/// Returns the URL for clients that have not used one yet, without a slash at the end: server.public_url if it is set,
/// else the address and the `port` on which the server listens. If it listens on all addresses, the URL has one at
/// which other machines can reach this machine now.
std::string own_url(const Config::Server& config, std::uint16_t port);

}  // namespace reprieve::app
