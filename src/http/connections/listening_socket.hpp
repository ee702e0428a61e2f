#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"

namespace reprieve::http {

/// A non-blocking socket that listens on ADDRESS:PORT; "::" takes IPv4 too. Without SO_REUSEPORT, so that
/// a second process cannot share it unseen. Throws unavailable with the address, the reason and what to do.
FileDescriptor listen_on_tcp(const std::string& address, std::uint16_t port);

/// The port that the kernel gave.
std::uint16_t local_port(const FileDescriptor& socket);

/// A listening Unix socket with mode 0600. One at the path that nobody serves is replaced; throws
/// unavailable where somebody does, or where something else is at the path.
FileDescriptor listen_on_unix(const std::string& path);

/// Takes one waiting connection: non-blocking, close-on-exec, without Nagle's delay. `peer` becomes its
/// address without the port, "unix" for a Unix socket. Empty where none waits or on failure (see errno).
FileDescriptor accept_from(const FileDescriptor& listener, std::string& peer);

}  // namespace reprieve::http
