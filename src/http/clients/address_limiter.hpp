#pragma once

#include <cstdint>
#include <list>
#include <map>

#include "base/ip_address.hpp"

namespace reprieve::http {

/// Limiter of the requests of each address: one token bucket per address, which fills at `rate` and holds `burst`. An
/// IPv6 client can choose any address of its /64, so a /64 counts as one address (RFC 6177). The caller passes the time
/// as `now_us`, in microseconds of a clock that never jumps. Used by one thread at a time.
class AddressLimiter {
public:
    struct Options {
        std::uint64_t rate = 0;   ///< requests per second; 0: no limit
        std::uint64_t burst = 1;  ///< requests that may come at once after a quiet period
        /// Addresses remembered. Beyond it the least recently seen one is forgotten, so its next bucket is full.
        std::size_t max_addresses = 16'384;
    };
    explicit AddressLimiter(Options options) : options_(options) {}

    /// Takes a token for one request. Returns false if there is none. A refused request costs no token, so a client
    /// that keeps sending still gets its rate.
    bool take_request(const IpAddress& address, std::int64_t now_us);

    /// Takes a token for one connection that is costly to open. It may take the bucket below 0, down to -`burst`, where
    /// requests are already refused. Returns false below that; then the connection needs no answer at all.
    bool take_connection(const IpAddress& address, std::int64_t now_us);

    /// Returns the number of addresses remembered.
    std::size_t size() const { return buckets_.size(); }

private:
    struct Bucket {
        double tokens;
        std::int64_t filled_us;                ///< time at which `tokens` was computed
        std::list<IpAddress>::iterator place;  ///< in heard_
    };
    Bucket& bucket_of(const IpAddress& address, std::int64_t now_us);

    Options options_;
    std::map<IpAddress, Bucket> buckets_;
    std::list<IpAddress> heard_;  ///< least recently seen address first
};

}  // namespace reprieve::http
