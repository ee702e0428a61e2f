#pragma once

#include <cstdint>
#include <string>

#include "config/config.hpp"

namespace reprieve::app {

/// The address to give to clients who have not used one yet: server.public_url, else where the server listens. Where
/// it listens on all addresses, the one of this machine that others can reach now. `port` is the one
/// it listens on. Never with a slash at the end.
std::string own_url(const Config::Server& config, std::uint16_t port);

}  // namespace reprieve::app
