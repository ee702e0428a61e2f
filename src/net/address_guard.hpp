#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "net/deadline.hpp"
#include "net/endpoint.hpp"

namespace reprieve::net {

/// False for addresses of this machine, of private networks, of one link alone, and of all that is no single host of
/// the internet (RFC 6890 and its registries).
bool is_public(const IpAddress& address);

/// Where requests may go whose address somebody else chose: so that nobody reaches through us what only we can reach.
/// Any thread may use it.
class AddressGuard {
public:
    /// `allowed`: further addresses, beside the public ones. `ports`: these alone.
    AddressGuard(std::vector<AddressBlock> allowed, std::vector<std::uint16_t> ports);

    /// Looks the host up, once, and returns it with each of its addresses, in the order in which they are to be tried:
    /// what is connected to is what was checked. Throws forbidden where any of them, or the port, may not be used, and
    /// for a number that only looks like a name ("0x7f.1", "2130706433"); unavailable where the look-up fails.
    std::vector<Endpoint> check(const Endpoint& endpoint, const Deadline& deadline) const;

private:
    bool allows(const IpAddress& address) const;

    std::vector<AddressBlock> allowed_;
    std::vector<std::uint16_t> ports_;
};

}  // namespace reprieve::net
