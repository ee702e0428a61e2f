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

/// Client of one HTTP/1.1 server over TCP, with TLS if `endpoint.is_tls` is set. It does not follow redirects. Any
/// thread may use it. Each call uses one connection that no other call uses at the same time; a few idle connections
/// are kept for later calls.
class HttpClient {
public:
    struct Options {
        std::int64_t timeout_us = 5'000'000;       ///< limit of one call, from the look-up of the name to the last byte
        std::size_t max_answer_bytes = 256 << 10;  ///< maximum size of the body of an answer
        std::size_t max_idle = 4;                  ///< maximum number of idle connections to keep
        /// Maximum time that an idle connection is kept. Servers keep idle connections longer (Apache: 5 s), so few are
        /// found to be closed.
        std::int64_t max_idle_us = 4'000'000;
    };

    /// `trust` is needed only for TLS, and must outlive the client.
    HttpClient(Endpoint endpoint, const TlsTrust* trust, Options options);

    /// Sends a request and returns the whole answer, whatever its status. Throws unavailable with "host:port does not
    /// answer: why" if no complete answer arrives in time. Throws bad_request if the head of the request contains an
    /// extra line end or a NUL. If an idle connection fails before the first byte of the answer, a GET or HEAD request
    /// is sent once more, on a new connection. Requests with other methods must not be sent twice, so they always get a
    /// new connection.
    HttpAnswer send(const HttpRequest& request) { return send(request, options_.timeout_us); }
    /// Does the same with a limit of `timeout_us` microseconds instead of the limit in the options.
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
    std::vector<Idle> idle_ GUARDED_BY(mutex_);  ///< idle connections, the most recently used one last
};

}  // namespace reprieve::net
