#pragma once

#include <cstddef>
#include <cstdint>

#include "http/clients/client_policy.hpp"

namespace reprieve::http {

/// What the poller grants to connections. Times are microseconds. Config::Server is the source of most.
struct ConnectionLimits {
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
    std::size_t max_header_bytes = 32 << 10;
    std::size_t max_header_count = 100;
    std::size_t max_target_bytes = 8 << 10;
    /// Declared data (octet-stream, offset+octet-stream) up to this is gathered before a thread is taken.
    std::size_t max_small_body = 64 << 10;
    std::size_t max_gathered_bytes = 64 << 20;  ///< of all requests that are not whole yet; beyond, the oldest goes
    std::size_t max_request_body = 1 << 20;     ///< for BodyRule::ignore and read_body(); gathered first, if declared
};

}  // namespace reprieve::http
