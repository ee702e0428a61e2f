#pragma once

#include <atomic>
#include <string>

#include "base/clock.hpp"

namespace reprieve::tests {

inline constexpr std::int64_t hour_us = 3600 * us_per_second;
inline constexpr std::int64_t day_us = 24 * hour_us;

/// Clock that moves only when a test says so.
class FakeClock final : public Clock {
public:
    std::int64_t now_us() const override { return now_; }
    std::int64_t boot_us() const override { return boot_; }
    std::string boot_id() const override { return "boot-" + std::to_string(boots_); }

    /// Moves both clocks forward, as passing time does.
    void advance_us(std::int64_t us) {
        now_ += us;
        boot_ += us;
    }
    /// Moves only the wall clock, as NTP or a person does; negative: back.
    void step_us(std::int64_t us) { now_ += us; }
    /// Simulates a boot of the machine: sets the wall clock to `now_us`, and the boot clock to its start.
    void reboot(std::int64_t now_us) {
        now_ = now_us;
        boot_ = us_per_second;
        ++boots_;
    }

private:
    std::atomic<std::int64_t> now_{1'700'000'000 * us_per_second};
    std::atomic<std::int64_t> boot_{1000 * us_per_second};
    std::atomic<int> boots_{1};
};

}  // namespace reprieve::tests
