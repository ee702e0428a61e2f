#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/client_policy.hpp"
#include "http/message.hpp"
#include "http/router.hpp"

namespace reprieve::http {

class TlsContext;

/// Limits of the server; times are microseconds. Config::Server is the source of most.
struct ServerOptions {
    std::int64_t header_timeout_us = 10'000'000;  ///< from the first byte of a request to the end of its headers
    std::int64_t idle_timeout_us = 75'000'000;    ///< a kept connection without a request
    /// A streamed body or answer that does not move, or slower than min_transfer_rate; all of any other.
    std::int64_t stall_timeout_us = 60'000'000;
    std::uint64_t min_transfer_rate = 1024;  ///< bytes a second, measured over stall_timeout
    std::int64_t shutdown_timeout_us = 30'000'000;
    std::int64_t linger_timeout_us = 5'000'000;  ///< after a last answer, for the client to read it
    std::uint64_t max_linger_bytes = 64 << 20;   ///< of a refused body, dropped meanwhile
    std::size_t max_connections = 4096;          ///< those of the admin socket come on top
    ClientPolicy::Options clients;               ///< how much each address may ask
    std::size_t max_workers = 192;  ///< threads that run requests; they are made when needed and end when idle
    std::size_t admin_workers = 4;  ///< more of them, for the admin socket alone
    std::size_t max_header_bytes = 32 << 10;
    std::size_t max_header_count = 100;
    std::size_t max_target_bytes = 8 << 10;
    /// Declared data (octet-stream, offset+octet-stream) up to this is gathered before a thread is taken.
    std::size_t max_small_body = 64 << 10;
    std::size_t max_gathered_bytes = 64 << 20;  ///< of all requests that are not whole yet; beyond, the oldest goes
    std::size_t max_request_body = 1 << 20;     ///< for BodyRule::ignore and read_body(); gathered first, if declared
};

/// Runs before the route of every request; throws Error to refuse it (Host, Origin). The headers that it sets are on
/// every answer, also where no handler gives it.
using Gate = std::function<void(const Request&, Response&)>;

/// Called after each request, for the log. `sent` counts body bytes, `micros` the time it took.
struct AccessRecord {
    const Request& request;
    int status;
    std::uint64_t sent;
    std::int64_t micros;
    std::string error;  ///< what went wrong inside, for the log alone; empty where nothing did
};
using AccessLog = std::function<void(const AccessRecord&)>;

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

/// Reads a whole body, for JSON. Throws too_large beyond `limit`, and timeout where it takes longer than stall_timeout.
std::string read_body(Request& request, std::size_t limit);

}  // namespace reprieve::http
