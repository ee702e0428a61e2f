#pragma once

#include <string>

namespace reprieve {

/// An address at which others can reach this machine now: of the first interface that works, of IPv4 where there is
/// one, else of IPv6 where `has_v6`. "127.0.0.1" where there is none.
std::string machine_address(bool has_v6);

}  // namespace reprieve
