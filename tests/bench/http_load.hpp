#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reprieve::bench {

/// What a client asks, again and again.
class Script {
public:
    virtual ~Script() = default;

    /// The next request of a client, whole; `sent` counts its requests before this one. Empty where it has no more.
    virtual std::string next(std::size_t client, std::uint64_t sent) = 0;

    /// Requests that make one piece of the work that is counted.
    virtual std::uint64_t requests_a_piece() const { return 1; }
};

/// Runs `clients` connections to a port of loopback for so long, or until the script has no more, each with one
/// request under way; in one thread, so that the server keeps the other core. Prints one JSON object: requests,
/// failures (statuses from 400 on), pieces a second, and the median and 99th percentile of a request's time.
void run_load(std::uint16_t port, std::size_t clients, double seconds, Script& script);

}  // namespace reprieve::bench
