#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "net/deadline.hpp"
#include "net/endpoint.hpp"

namespace reprieve::net {

/// Returns true if the address can be that of a host on the public internet. Returns false for addresses of this
/// machine, of private networks and of a single link, for multicast, and for all other special addresses (RFC 6890 and
/// its registries).
bool is_public(const IpAddress& address);

/// Guard for requests to servers that somebody else chose. It refuses addresses that are not public, unless the
/// configuration allows them. Otherwise anybody could use the service to reach what only this machine can reach, such
/// as servers in a private network. Any thread may use it.
class AddressGuard {
public:
    /// `allowed`: addresses that are allowed in addition to the public ones. `ports`: all ports that are allowed.
    AddressGuard(std::vector<AddressBlock> allowed, std::vector<std::uint16_t> ports);

    /// Looks up the host once and returns one endpoint for each address of the host, in the order in which to try them.
    /// Each has its member `address` set, so that a connection goes to an address that was checked. Throws forbidden if
    /// the port or any of the addresses is not allowed, and for a host that is a number in disguise ("0x7f.1",
    /// "2130706433"). Throws unavailable if the look-up fails or does not end before the deadline.
    std::vector<Endpoint> check(const Endpoint& endpoint, const Deadline& deadline) const;

private:
    bool allows(const IpAddress& address) const;

    std::vector<AddressBlock> allowed_;
    std::vector<std::uint16_t> ports_;
};

}  // namespace reprieve::net
