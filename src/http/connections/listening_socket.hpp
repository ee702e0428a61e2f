#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"

namespace reprieve::http {

/// Returns a non-blocking socket that listens on `address` and `port`; "::" accepts IPv4, too. SO_REUSEPORT is not set,
/// so that no second process can share the port unnoticed. Throws unavailable with the address, the reason and what to
/// do.
FileDescriptor listen_on_tcp(const std::string& address, std::uint16_t port);

/// Returns the port that a TCP socket is bound to.
std::uint16_t local_port(const FileDescriptor& socket);

/// Returns a non-blocking Unix socket of mode 0600 that listens at `path`. Replaces a socket there on which no process
/// listens. Throws unavailable if it cannot listen, for example because a process listens at `path` already, or because
/// the file there is not a socket.
FileDescriptor listen_on_unix(const std::string& path);

/// Accepts one waiting connection and returns its socket: non-blocking, close-on-exec, without Nagle's delay. Sets
/// `peer` to the client's address without the port, or to "unix" for a Unix socket. Returns an empty descriptor if no
/// connection waits, or on failure; errno says why.
FileDescriptor accept_from(const FileDescriptor& listener, std::string& peer);

}  // namespace reprieve::http
