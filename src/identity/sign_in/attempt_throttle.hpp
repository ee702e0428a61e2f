#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace reprieve::identity {

/// Slows down who fails again and again. After `free_failures` of one key, each further one doubles the wait before its
/// next attempt, from first_wait_us up to longest_wait_us; failures are forgotten forget_after_us after the last. It
/// remembers at most max_keys keys; beyond, the one whose wait ends first is forgotten. It runs by the boot clock,
/// which nobody sets. Any thread may call.
class AttemptThrottle {
public:
    static constexpr std::int64_t first_wait_us = us_per_second;
    static constexpr std::int64_t longest_wait_us = 60 * us_per_second;
    static constexpr std::int64_t forget_after_us = 3600 * us_per_second;
    static constexpr std::size_t max_keys = 10'000;
    static constexpr std::size_t max_key_bytes = 255;  ///< longer ones are cut

    /// `forget_one_us`: one failure is forgotten for each such time between two of them; 0: none is.
    AttemptThrottle(const Clock& clock, unsigned free_failures, std::int64_t forget_one_us = 0);

    /// Throws too_many_requests, with how long, where `key` has to wait.
    void check(const std::string& key);

    /// What there was of a key before a failure was counted.
    struct Before {
        std::uint64_t number = 0;               ///< of the failure that was counted
        std::int64_t last = 0, wait_until = 0;  ///< boot clock
    };

    /// Counts one; for an attempt whose end is not known yet, so that many at the same time win nothing.
    Before add_failure(const std::string& key);

    /// The one that was counted was a success: all is as before, save where others have failed since.
    void take_back(const std::string& key, const Before& before);

    /// Forgets the failures of `key`.
    void forget(const std::string& key);

    std::size_t size() const;

private:
    struct Failures {
        unsigned count = 0;
        std::uint64_t latest = 0;     ///< number of the last one
        std::int64_t last = 0;        ///< boot clock
        std::int64_t wait_until = 0;  ///< boot clock
    };
    void make_room(std::int64_t now);

    const Clock& clock_;
    const unsigned free_failures_;
    const std::int64_t forget_one_us_;
    mutable std::mutex mutex_;
    std::uint64_t counted_ = 0;
    std::unordered_map<std::string, Failures> keys_;
};

}  // namespace reprieve::identity
