#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace reprieve {

/// The longest path that a Unix socket can have: unix(7).
inline constexpr std::size_t max_unix_path_bytes = sizeof(sockaddr_un::sun_path) - 1;

/// The address of the Unix socket at `path`; nothing where the path is too long.
inline std::optional<sockaddr_un> unix_address(std::string_view path) {
    if (path.size() > max_unix_path_bytes) return std::nullopt;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(path, std::begin(address.sun_path));
    return address;
}

}  // namespace reprieve
