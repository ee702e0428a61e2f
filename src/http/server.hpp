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

struct ServerOptions : ConnectionLimits {
    std::size_t max_workers = 192;  ///< threads that run requests; they are made when needed and end when idle
    std::size_t admin_workers = 4;  ///< more of them, for the admin socket alone
};

/// The HTTP/1.1 server: cpp-httplib writes the answers; heads, bodies and connections are read by our own
/// code. One poller thread holds every connection that has no whole request; a request takes a worker.
class Server {
public:
    Server(ServerOptions options, const Router& router, Gate gate, AccessLog log);
    ~Server();

    /// Binds; without SO_REUSEPORT, so that a second process is refused. Returns the port. Throws
    /// unavailable with the address and the reason, and what to do. With `tls` it speaks that alone.
    std::uint16_t listen_tcp(const std::string& address, std::uint16_t port,
                             std::shared_ptr<const TlsContext> tls = nullptr);

    /// A Unix socket, mode 0600; one that a dead process left is replaced.
    void listen_unix(const std::string& path);

    /// Starts the poller; returns at once.
    void start();

    /// Stops accepting, closes what waits, lets running requests finish within shutdown_timeout, then
    /// cuts them. Returns when no thread is left. Does nothing where it was not started.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace reprieve::http
