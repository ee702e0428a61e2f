#pragma once

#include <cstddef>
#include <cstdint>

#include "http/clients/client_policy.hpp"

namespace reprieve::http {

/// Limits that the poller enforces on connections. Times are in microseconds. Most come from Config::Server.
struct ConnectionLimits {
    std::int64_t header_timeout_us = 10'000'000;  ///< first byte to end of headers; also for a TLS handshake
    std::int64_t idle_timeout_us = 75'000'000;    ///< a connection without a request
    /// Streamed body or answer: longest time without progress, and the window of min_transfer_rate. Any other body or
    /// answer: time limit for all of it.
    std::int64_t stall_timeout_us = 60'000'000;
    std::uint64_t min_transfer_rate = 1024;         ///< bytes per second, measured over stall_timeout
    std::int64_t shutdown_timeout_us = 30'000'000;  ///< for running requests, once the server stops
    std::int64_t linger_timeout_us = 5'000'000;     ///< after a last answer, for the client to read it
    std::uint64_t max_linger_bytes = 64 << 20;      ///< input dropped meanwhile, such as the rest of a refused body
    std::size_t max_connections = 4096;             ///< those of the admin socket are not counted
    ClientPolicy::Options clients;                  ///< limits for each address
    std::size_t max_header_bytes = 32 << 10;        ///< all header lines together, without the request line
    std::size_t max_header_count = 100;
    std::size_t max_target_bytes = 8 << 10;  ///< target in the request line
    /// Bytes. Image data (octet-stream, offset+octet-stream) with a declared length up to this is received completely
    /// before a worker takes the request.
    std::size_t max_small_body = 64 << 10;
    /// Bytes that all incomplete requests may hold together. Beyond it the oldest one is closed.
    std::size_t max_gathered_bytes = 64 << 20;
    /// Bytes. Limit of a body for BodyRule::ignore and read_body(). Any body except image data, with a declared length
    /// up to this, is received completely before a worker takes the request.
    std::size_t max_request_body = 1 << 20;
};

}  // namespace reprieve::http
