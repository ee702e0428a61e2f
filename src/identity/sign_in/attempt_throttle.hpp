#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/mutex.hpp"

namespace reprieve::identity {

/// Throttle for attempts that fail repeatedly, such as sign-ins. It counts failures by key, for example a user or an
/// address. A key may fail `free_failures` times without a wait. Each further failure doubles the wait before the key's
/// next attempt, from first_wait_us up to longest_wait_us. All failures of a key are forgotten forget_after_us after
/// its last one. At most max_keys keys are remembered: if there would be more, the key whose wait ends first is
/// forgotten. Uses the boot clock, because nobody can set that clock. Any thread may call.
class AttemptThrottle {
public:
    static constexpr std::int64_t first_wait_us = us_per_second;
    static constexpr std::int64_t longest_wait_us = 60 * us_per_second;
    static constexpr std::int64_t forget_after_us = 3600 * us_per_second;
    static constexpr std::size_t max_keys = 10'000;
    static constexpr std::size_t max_key_bytes = 255;  ///< longer keys are cut to this length

    /// `clock` must outlive this object. `free_failures`: number of failures of a key that cause no wait.
    /// `forget_one_us`: period, in microseconds, after which one failure is forgotten: a key that fails again loses one
    /// earlier failure for each such period since its previous failure. 0: single failures are not forgotten.
    AttemptThrottle(const Clock& clock, unsigned free_failures, std::int64_t forget_one_us = 0);

    /// Throws too_many_requests if `key` must wait; the error says how many seconds.
    void check(const std::string& key);

    /// State of a key before add_failure() counted a failure, for take_back().
    struct Before {
        std::uint64_t number = 0;               ///< serial number of the failure that was counted
        std::int64_t last = 0, wait_until = 0;  ///< microseconds of the boot clock
    };

    /// Counts a failure of `key`. Returns the state before it, for take_back(). Call it before the result of the
    /// attempt is known, so that parallel attempts gain nothing.
    Before add_failure(const std::string& key);

    /// Undoes add_failure(), which returned `before`, after the attempt succeeded. Keeps the current wait if another
    /// failure of `key` was counted in the meantime.
    void take_back(const std::string& key, const Before& before);

    /// Forgets all failures of `key`. This also ends its wait.
    void forget(const std::string& key);

    /// Returns the number of keys that are remembered.
    std::size_t size() const;

private:
    struct Failures {
        unsigned count = 0;
        std::uint64_t latest = 0;     ///< serial number of the last failure
        std::int64_t last = 0;        ///< microseconds of the boot clock
        std::int64_t wait_until = 0;  ///< microseconds of the boot clock
    };
    void make_room(std::int64_t now) REQUIRES(mutex_);

    const Clock& clock_;
    const unsigned free_failures_;
    const std::int64_t forget_one_us_;
    mutable Mutex mutex_;
    std::uint64_t counted_ GUARDED_BY(mutex_) = 0;
    std::unordered_map<std::string, Failures> keys_ GUARDED_BY(mutex_);
};

}  // namespace reprieve::identity
