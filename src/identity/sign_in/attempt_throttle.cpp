#include "identity/sign_in/attempt_throttle.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::identity {

AttemptThrottle::AttemptThrottle(const Clock& clock, unsigned free_failures, std::int64_t forget_one_us)
    : clock_(clock), free_failures_(free_failures), forget_one_us_(forget_one_us) {}

void AttemptThrottle::check(const std::string& key) {
    const MutexLock lock(mutex_);
    const auto found = keys_.find(key.substr(0, max_key_bytes));
    if (found == keys_.end()) return;
    const std::int64_t left = found->second.wait_until - clock_.boot_us();
    if (left <= 0) return;
    const std::int64_t seconds = (left + us_per_second - 1) / us_per_second;
    throw Error(ErrorKind::too_many_requests,
                "too many sign-ins have failed; try again in " + std::to_string(seconds) + " s",
                static_cast<int>(seconds));
}

AttemptThrottle::Before AttemptThrottle::add_failure(const std::string& key) {
    const MutexLock lock(mutex_);
    const std::int64_t now = clock_.boot_us();
    const std::string text = key.substr(0, max_key_bytes);
    if (!keys_.contains(text) && keys_.size() >= max_keys) make_room(now);
    Failures& failures = keys_[text];
    const Before before{++counted_, failures.last, failures.wait_until};
    failures.latest = counted_;
    if (now - failures.last > forget_after_us) failures.count = 0;
    if (forget_one_us_ > 0)
        failures.count -=
            static_cast<unsigned>(std::min<std::int64_t>(failures.count, (now - failures.last) / forget_one_us_));
    failures.last = now;
    ++failures.count;
    if (failures.count <= free_failures_) return before;
    constexpr unsigned enough_doublings = 6;  // 2^6 first waits exceed the longest wait
    const unsigned doublings = std::min(failures.count - free_failures_ - 1, enough_doublings);
    failures.wait_until = now + std::min(first_wait_us << doublings, longest_wait_us);
    return before;
}

void AttemptThrottle::take_back(const std::string& key, const Before& before) {
    const MutexLock lock(mutex_);
    const auto found = keys_.find(key.substr(0, max_key_bytes));
    if (found == keys_.end()) return;
    Failures& failures = found->second;
    if (--failures.count == 0) {
        keys_.erase(found);
    } else if (failures.latest == before.number) {
        failures.last = before.last;
        failures.wait_until = before.wait_until;
    }
}

void AttemptThrottle::forget(const std::string& key) {
    const MutexLock lock(mutex_);
    keys_.erase(key.substr(0, max_key_bytes));
}

std::size_t AttemptThrottle::size() const {
    const MutexLock lock(mutex_);
    return keys_.size();
}

void AttemptThrottle::make_room(std::int64_t now) {
    std::erase_if(keys_, [&](const auto& entry) { return now - entry.second.last > forget_after_us; });
    if (keys_.size() < max_keys) return;
    const auto first = std::min_element(keys_.begin(), keys_.end(), [](const auto& left, const auto& right) {
        return std::pair(left.second.wait_until, left.second.last) <
               std::pair(right.second.wait_until, right.second.last);
    });
    keys_.erase(first);
}

}  // namespace reprieve::identity
