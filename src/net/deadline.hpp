#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reprieve::net {

/// A point in time by which something that has several steps must be through. It counts by the steady clock of the
/// machine: sockets wait by no other.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    explicit Deadline(std::int64_t us_from_now) : at_(Clock::now() + std::chrono::microseconds(us_from_now)) {}

    Clock::time_point at() const { return at_; }
    bool is_over() const { return Clock::now() >= at_; }

    /// What is left, as poll(2) takes it: rounded up, so that a wait does not end early; 0 when it is over.
    int poll_ms() const {
        constexpr std::int64_t day_ms = 86'400'000;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, day_ms));
    }

    /// The end of the first of `parts` equal parts of what is left.
    Deadline share(std::size_t parts) const {
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(at_ - Clock::now()).count();
        return Deadline(left / static_cast<std::int64_t>(parts));
    }

private:
    Clock::time_point at_;
};

}  // namespace reprieve::net
