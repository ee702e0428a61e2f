#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprieve {

/// Where a server listens.
struct ListenAddress {
    std::string address;     ///< of IPv4 or IPv6, without brackets
    std::uint16_t port = 0;  ///< 0: any free one
    bool is_loopback = false;
};

/// Reads "127.0.0.1:9292" or "[::1]:9292". Names are not looked up. Throws bad_request with what is
/// expected.
ListenAddress parse_listen_address(std::string_view text);

}  // namespace reprieve
