#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reprieve::net {

/// Point in time by which all steps of an operation must be complete. It is a time of the machine's steady clock, which
/// the waits on sockets use, too.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    explicit Deadline(std::int64_t us_from_now) : at_(Clock::now() + std::chrono::microseconds(us_from_now)) {}

    Clock::time_point at() const { return at_; }
    bool is_over() const { return Clock::now() >= at_; }

    /// Returns the remaining milliseconds, for use as the timeout of poll(2). They are rounded up, so that a wait does
    /// not end early, and are at most one day. Returns 0 when the deadline is over.
    int poll_ms() const {
        constexpr std::int64_t day_ms = 86'400'000;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, day_ms));
    }

    /// Divides the time from now to the deadline into `parts` equal parts and returns the end of the first part.
    /// Requires: `parts` > 0.
    Deadline share(std::size_t parts) const {
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(at_ - Clock::now()).count();
        return Deadline(left / static_cast<std::int64_t>(parts));
    }

private:
    Clock::time_point at_;
};

}  // namespace reprieve::net
