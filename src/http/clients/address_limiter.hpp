#pragma once

#include <cstdint>
#include <list>
#include <map>

#include "base/ip_address.hpp"

namespace reprieve::http {

/// How many requests each address may send: a token bucket for each, which fills at `rate` and holds `burst`. A
/// client of IPv6 has a whole /64 to choose addresses from, so that counts as one (RFC 6177). Pure: it is told the
/// time. Used by one thread at a time.
class AddressLimiter {
public:
    struct Options {
        std::uint64_t rate = 0;  ///< requests a second; 0: no limit
        std::uint64_t burst = 1;
        std::size_t max_addresses = 16'384;  ///< remembered; beyond, the one unheard of for longest starts anew
    };
    explicit AddressLimiter(Options options) : options_(options) {}

    /// One request of the address at this moment, of a clock that never jumps. False where it is one too many, which
    /// then costs no token: so a client that goes on gets its rate.
    bool take_request(const IpAddress& address, std::int64_t now_us);

    /// One connection that is costly to open. It goes on to count where requests are refused already, down to
    /// a full burst below nothing: false from there on, so that it need not even be answered.
    bool take_connection(const IpAddress& address, std::int64_t now_us);

    std::size_t size() const { return buckets_.size(); }

private:
    struct Bucket {
        double tokens;
        std::int64_t filled_us;
        std::list<IpAddress>::iterator place;
    };
    Bucket& bucket_of(const IpAddress& address, std::int64_t now_us);

    Options options_;
    std::map<IpAddress, Bucket> buckets_;
    std::list<IpAddress> heard_;  ///< of, the longest ago first
};

}  // namespace reprieve::http
