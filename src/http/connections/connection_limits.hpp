#pragma once

#include <cstddef>
#include <cstdint>

#include "http/clients/client_policy.hpp"

namespace reprieve::http {

/// Limits that the poller enforces on connections. Times are in microseconds. Most values come from Config::Server.
struct ConnectionLimits {
    /// Time limit from the first byte of a request to the end of its headers. Also the time limit for a TLS handshake.
    std::int64_t header_timeout_us = 10'000'000;
    std::int64_t idle_timeout_us = 75'000'000;  ///< time limit for a connection that has no request
    /// Streamed body or answer: longest time without progress, and the time over which min_transfer_rate is measured.
    /// Any other body or answer: time limit for the whole of it.
    std::int64_t stall_timeout_us = 60'000'000;
    std::uint64_t min_transfer_rate = 1024;         ///< bytes per second, measured over stall_timeout
    std::int64_t shutdown_timeout_us = 30'000'000;  ///< time limit for running requests once the server stops
    std::int64_t linger_timeout_us = 5'000'000;     ///< time that a client has to read the last answer
    std::uint64_t max_linger_bytes = 64 << 20;      ///< input dropped after the last answer, such as an unread body
    std::size_t max_connections = 4096;             ///< connections of the admin socket are not counted
    ClientPolicy::Options clients;                  ///< limits for each address of a client
    std::size_t max_header_bytes = 32 << 10;        ///< all header lines together, without the request line
    std::size_t max_header_count = 100;
    std::size_t max_target_bytes = 8 << 10;  ///< target in the request line
    /// Bytes. Image data (octet-stream, offset+octet-stream) with a declared length up to this is received completely
    /// before a worker takes the request.
    std::size_t max_small_body = 64 << 10;
    /// Bytes that all incomplete requests may hold together. Beyond this limit, the oldest ones are dropped and their
    /// connections closed.
    std::size_t max_gathered_bytes = 64 << 20;
    /// Bytes. Limit of a body that is read and dropped (BodyRule::ignore), and the usual limit for read_body(). Any
    /// body except image data, with a declared length up to this, is received completely before a worker takes the
    /// request.
    std::size_t max_request_body = 1 << 20;
};

}  // namespace reprieve::http
