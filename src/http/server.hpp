#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/access_log.hpp"
#include "http/connections/connection_limits.hpp"
#include "http/dispatch.hpp"
#include "http/router.hpp"

namespace reprieve::http {

class TlsContext;

/// Limits of the server, with the number of its worker threads.
struct ServerOptions : ConnectionLimits {
    std::size_t max_workers = 192;  ///< threads that run requests; they start on demand and end when idle
    std::size_t admin_workers = 4;  ///< additional threads, only for the admin socket
};

/// HTTP/1.1 server. cpp-httplib writes the answers; our own code reads heads and bodies and owns the connections. One
/// poller thread holds every connection without a complete request. A worker thread runs each complete request.
class Server {
public:
    /// Requires: `router` outlives the server and is filled before start().
    Server(ServerOptions options, const Router& router, Gate gate, AccessLog log);
    /// Calls stop().
    ~Server();

    /// Binds a TCP port (0: the kernel chooses one) and returns its number. Call before start(). SO_REUSEPORT is not
    /// set, so a second process cannot take the same port. Throws unavailable with the address, the reason and what to
    /// do. If `tls` is set, the port accepts only TLS.
    std::uint16_t listen_tcp(const std::string& address, std::uint16_t port,
                             std::shared_ptr<const TlsContext> tls = nullptr);

    /// Binds the admin socket: a Unix socket of mode 0600. Call before start(). Replaces a socket file whose process is
    /// dead. Throws unavailable as listen_tcp() does.
    void listen_unix(const std::string& path);

    /// Starts the poller thread and returns. Throws if a listening socket cannot be watched.
    void start();

    /// Stops accepting and closes waiting connections. Running requests may finish within shutdown_timeout; after that
    /// their connections are cut. Deletes the files of the Unix sockets. Returns when no thread is left. Idempotent.
    /// Requires: the caller is no worker thread.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace reprieve::http
