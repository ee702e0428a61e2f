#pragma once

#include <string>

namespace reprieve {

/// Returns an address at which other machines can reach this one now: the first IPv4 address of a network interface
/// that is up, or, if there is none and `has_v6` is set, the first IPv6 address. Returns "127.0.0.1" if there is no
/// such address.
std::string machine_address(bool has_v6);

}  // namespace reprieve
