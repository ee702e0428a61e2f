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

/// Returns the addresses of a name or numeric address, in the order in which to try them; at least one. Throws
/// unavailable if there is none, or when the deadline is over. The resolver may take longer than that; it then finishes
/// in a separate thread.
std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port, const Deadline& deadline);

/// Parses a numeric address without asking a server. Throws bad_request for anything else.
SocketAddress numeric_address(const std::string& address, std::uint16_t port);

}  // namespace reprieve::net
