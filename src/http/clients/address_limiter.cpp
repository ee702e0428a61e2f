#include "http/clients/address_limiter.hpp"

#include <algorithm>

namespace reprieve::http {
bool AddressLimiter::take_request(const IpAddress& address, std::int64_t now_us) {
    if (options_.rate == 0) return true;
    Bucket& bucket = bucket_of(address, now_us);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
}

bool AddressLimiter::take_connection(const IpAddress& address, std::int64_t now_us) {
    if (options_.rate == 0) return true;
    Bucket& bucket = bucket_of(address, now_us);
    if (bucket.tokens - 1 < -static_cast<double>(options_.burst)) return false;
    bucket.tokens -= 1;
    return true;
}

/// Returns the address's bucket, with the tokens that it has gained until `now_us`. A new address gets a full bucket.
AddressLimiter::Bucket& AddressLimiter::bucket_of(const IpAddress& address, std::int64_t now_us) {
    const IpAddress client = client_network(address);
    const auto full = static_cast<double>(options_.burst);
    const auto [found, is_new] = buckets_.try_emplace(client, Bucket{full, now_us, {}});
    Bucket& bucket = found->second;
    if (!is_new) {
        const double passed_s = static_cast<double>(std::max<std::int64_t>(now_us - bucket.filled_us, 0)) / 1e6;
        bucket.tokens = std::min(full, bucket.tokens + passed_s * static_cast<double>(options_.rate));
        bucket.filled_us = std::max(now_us, bucket.filled_us);
        heard_.splice(heard_.end(), heard_, bucket.place);
        return bucket;
    }
    bucket.place = heard_.insert(heard_.end(), client);
    if (buckets_.size() > options_.max_addresses) {
        buckets_.erase(heard_.front());
        heard_.pop_front();
    }
    return bucket;
}

}  // namespace reprieve::http
