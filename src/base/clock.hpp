#pragma once

#include <cstdint>
#include <string>

namespace reprieve {

/// The two clocks that the product reads. An interface, so that a test can set them. Any thread may call.
class Clock {
public:
    virtual ~Clock() = default;

    /// Returns the wall clock: microseconds since 1970-01-01 UTC. It can jump in both directions.
    virtual std::int64_t now_us() const = 0;

    /// Returns the microseconds since the machine booted, including suspended time. It never jumps.
    virtual std::int64_t boot_us() const = 0;

    /// Returns the id of the boot that boot_us() counts from. It is different after every boot of the machine.
    virtual std::string boot_id() const = 0;
};

/// The clocks of the kernel: CLOCK_REALTIME and CLOCK_BOOTTIME. boot_id() is empty if the kernel's file is unreadable.
class SystemClock final : public Clock {
public:
    std::int64_t now_us() const override;
    std::int64_t boot_us() const override;
    std::string boot_id() const override;
};

constexpr std::int64_t us_per_second = 1'000'000;

}  // namespace reprieve
