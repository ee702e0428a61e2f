#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace reprieve {

/// Maximum length of the path of a Unix socket, in bytes: unix(7).
inline constexpr std::size_t max_unix_path_bytes = sizeof(sockaddr_un::sun_path) - 1;

/// Returns the address of the Unix socket at `path`, or nullopt if the path is longer than max_unix_path_bytes.
inline std::optional<sockaddr_un> unix_address(std::string_view path) {
    if (path.size() > max_unix_path_bytes) return std::nullopt;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(path, std::begin(address.sun_path));
    return address;
}

}  // namespace reprieve
