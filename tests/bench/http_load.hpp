#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reprieve::bench {

/// Requests that clients send one after another.
class Script {
public:
    virtual ~Script() = default;

    /// Returns the next request of a client, with its head and body; empty if there is none. `sent`: number of requests
    /// that this client has sent so far.
    virtual std::string next(std::size_t client, std::uint64_t sent) = 0;

    /// Returns the number of requests in one counted piece of work.
    virtual std::uint64_t requests_a_piece() const { return 1; }
};

/// Opens `clients` connections to a port of loopback, each with one request in flight, and sends the script's requests
/// for `seconds`, or until it has no more. Uses one thread, so that the server has the other core. Prints one JSON
/// object: requests, failures (status 400 or higher), seconds taken, pieces of work a second, and the median and 99th
/// percentile of a request's time in microseconds.
void run_load(std::uint16_t port, std::size_t clients, double seconds, Script& script);

}  // namespace reprieve::bench
