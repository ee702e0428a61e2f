#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/mutex.hpp"
#include "net/connection.hpp"
#include "net/endpoint.hpp"
#include "net/http_answer.hpp"
#include "net/http_request.hpp"
#include "net/tls_trust.hpp"

namespace reprieve::net {

/// Client of one HTTP/1.1 server over TCP, with TLS if the endpoint says so. It does not follow redirects. Any thread
/// may call. Each call has a connection to itself; a few connections are kept for later calls.
class HttpClient {
public:
    struct Options {
        std::int64_t timeout_us = 5'000'000;       ///< one call, from the look-up of the name to the last byte
        std::size_t max_answer_bytes = 256 << 10;  ///< size of a body
        std::size_t max_idle = 4;                  ///< kept connections
        /// Maximum idle time of a kept connection. Servers keep one longer (Apache: 5 s), so few are found closed.
        std::int64_t max_idle_us = 4'000'000;
    };

    /// `trust` is needed only for TLS, and must outlive the client.
    HttpClient(Endpoint endpoint, const TlsTrust* trust, Options options);

    /// Sends a request and returns the whole answer, whatever its status. Throws unavailable with "host:port does not
    /// answer: why" if no complete answer arrives in time, and bad_request if the request cannot be sent (a line end in
    /// it). If the server closes a kept connection during a GET or HEAD, the request is retried once on a new one.
    /// Other methods must not be repeated, so they always get a new connection.
    HttpAnswer send(const HttpRequest& request) { return send(request, options_.timeout_us); }
    /// Does the same with a timeout that replaces the one of the options.
    HttpAnswer send(const HttpRequest& request, std::int64_t timeout_us);

private:
    struct Idle {
        std::unique_ptr<Connection> connection;
        std::chrono::steady_clock::time_point since;
    };

    std::unique_ptr<Connection> take_idle();
    void keep(std::unique_ptr<Connection> connection);
    HttpAnswer exchange(const HttpRequest& request, const Deadline& deadline);

    const Endpoint endpoint_;
    const TlsTrust* const trust_;
    const Options options_;
    Mutex mutex_;
    std::vector<Idle> idle_ GUARDED_BY(mutex_);  ///< most recently used connection last
};

}  // namespace reprieve::net
