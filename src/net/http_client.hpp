#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "net/connection.hpp"
#include "net/endpoint.hpp"
#include "net/http_answer.hpp"
#include "net/http_request.hpp"
#include "net/tls_trust.hpp"

namespace reprieve::net {

/// Asks one server of HTTP/1.1 over TCP, with TLS where the endpoint says so. Redirects are answers like others. Any
/// thread may call; each call has a connection to itself, and a few are kept for the next ones.
class HttpClient {
public:
    struct Options {
        std::int64_t timeout_us = 5'000'000;       ///< of one call, from the look-up of the name to the last byte
        std::size_t max_answer_bytes = 256 << 10;  ///< of a body
        std::size_t max_idle = 4;                  ///< connections that are kept
        /// Maximum idle time of a kept connection. Servers keep one longer (Apache: 5 s), so few are found closed.
        std::int64_t max_idle_us = 4'000'000;
    };

    /// `trust` is needed for TLS alone, and outlives this.
    HttpClient(Endpoint endpoint, const TlsTrust* trust, Options options);

    /// Throws unavailable with "host:port does not answer: why" where no whole answer comes in time, and bad_request
    /// for a request that cannot be sent (a line end in it). A kept connection that the server closes under a GET or
    /// HEAD is replaced once; what may not be repeated gets a new connection from the start.
    HttpAnswer send(const HttpRequest& request) { return send(request, options_.timeout_us); }
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
    std::mutex mutex_;
    std::vector<Idle> idle_;  ///< the last one is the freshest
};

}  // namespace reprieve::net
