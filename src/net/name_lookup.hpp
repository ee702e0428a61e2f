#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "net/deadline.hpp"

namespace reprieve::net {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// The addresses of a name, or of an address written as a number, in the order in which they are to be tried. Throws
/// unavailable where there are none, and when the deadline is over: the resolver itself may take longer.
std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port, const Deadline& deadline);

/// Of an address written as a number; throws bad_request for anything else. Asks nobody.
SocketAddress numeric_address(const std::string& address, std::uint16_t port);

}  // namespace reprieve::net
