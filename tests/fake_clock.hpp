#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace reprieve::tests {

/// A clock that moves only when told to.
class FakeClock final : public Clock {
public:
    std::int64_t now_us() const override { return now_; }
    std::int64_t boot_us() const override { return boot_; }

    /// Time passes on both clocks.
    void advance_us(std::int64_t us) {
        now_ += us;
        boot_ += us;
    }
    /// The wall clock alone is set, as NTP or a person does.
    void step_us(std::int64_t us) { now_ += us; }

private:
    std::atomic<std::int64_t> now_{1'700'000'000 * us_per_second};
    std::atomic<std::int64_t> boot_{1000 * us_per_second};
};

}  // namespace reprieve::tests
