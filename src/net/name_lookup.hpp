#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "net/deadline.hpp"

namespace reprieve::net {

/// Address and port for connect(2).
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// Returns the addresses of `host`, a name or a numeric address, in the order in which to try them; at least one.
/// Throws unavailable if there is no address, or when the deadline is over. If the system's resolver takes longer than
/// that, it finishes in a separate thread.
std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port, const Deadline& deadline);

/// Parses a numeric address. Asks no name server. Throws bad_request for any other text, such as a host name.
SocketAddress numeric_address(const std::string& address, std::uint16_t port);

}  // namespace reprieve::net
