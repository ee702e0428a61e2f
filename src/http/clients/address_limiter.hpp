#pragma once

#include <cstdint>
#include <list>
#include <map>

#include "base/ip_address.hpp"

namespace reprieve::http {

/// Limiter of the requests of each address. Each address has a token bucket, which fills at `rate` and holds at most
/// `burst` tokens. An IPv6 client can choose any address of its /64, so a /64 counts as one address (RFC 6177). The
/// caller passes the time as `now_us`, in microseconds of a clock that never jumps. Use it on one thread at a time.
class AddressLimiter {
public:
    struct Options {
        std::uint64_t rate = 0;   ///< requests per second; 0: no limit
        std::uint64_t burst = 1;  ///< requests that may come at once after a quiet period
        /// Maximum number of addresses that are remembered. Beyond it, the least recently seen address is forgotten. If
        /// that address comes back, it begins with a full bucket.
        std::size_t max_addresses = 16'384;
    };
    explicit AddressLimiter(Options options) : options_(options) {}

    /// Takes a token from the address's bucket for one request. Returns false if no token is left. A refused request
    /// costs no token, so a client that keeps sending still gets its rate.
    bool take_request(const IpAddress& address, std::int64_t now_us);

    /// Takes a token for one connection that is costly to open. It can take the bucket below 0, down to -`burst`;
    /// requests are refused there already. Returns false if no token is left even so; then close the connection without
    /// an answer.
    bool take_connection(const IpAddress& address, std::int64_t now_us);

    /// Returns the number of addresses remembered.
    std::size_t size() const { return buckets_.size(); }

private:
    struct Bucket {
        double tokens;
        std::int64_t filled_us;                ///< time at which `tokens` was computed
        std::list<IpAddress>::iterator place;  ///< position in heard_
    };
    Bucket& bucket_of(const IpAddress& address, std::int64_t now_us);

    Options options_;
    std::map<IpAddress, Bucket> buckets_;
    std::list<IpAddress> heard_;  ///< least recently seen address first
};

}  // namespace reprieve::http
