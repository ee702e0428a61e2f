#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprieve {

/// Address and port on which a server listens.
struct ListenAddress {
    std::string address;     ///< numeric address of IPv4 or IPv6, without brackets
    std::uint16_t port = 0;  ///< 0: any free port
    bool is_loopback = false;
};

/// Parses a text such as "127.0.0.1:9292" or "[::1]:9292". Throws bad_request for any other text, also for a host name.
ListenAddress parse_listen_address(std::string_view text);

}  // namespace reprieve
