#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reprieve::net {

/// Point in time by which all steps of an operation must be complete. It uses the machine's steady clock, because waits
/// on sockets use it, too.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    explicit Deadline(std::int64_t us_from_now) : at_(Clock::now() + std::chrono::microseconds(us_from_now)) {}

    Clock::time_point at() const { return at_; }
    bool is_over() const { return Clock::now() >= at_; }

    /// Returns the remaining milliseconds as a timeout for poll(2): rounded up, so that a wait does not end early; at
    /// most one day; 0 when the deadline is over.
    int poll_ms() const {
        constexpr std::int64_t day_ms = 86'400'000;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, day_ms));
    }

    /// Divides the remaining time into `parts` equal parts and returns the end of the first. Requires: `parts` > 0.
    Deadline share(std::size_t parts) const {
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(at_ - Clock::now()).count();
        return Deadline(left / static_cast<std::int64_t>(parts));
    }

private:
    Clock::time_point at_;
};

}  // namespace reprieve::net
