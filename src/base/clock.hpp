#pragma once

#include <cstdint>
#include <string>

namespace reprieve {

/// Source of the time: a wall clock, and a clock that counts since the boot of the machine. It is an interface, so that
/// a test can set both clocks. Any thread may use it.
class Clock {
public:
    virtual ~Clock() = default;

    /// Returns the time of the wall clock, in microseconds since 1970-01-01 UTC. This clock can jump in both
    /// directions.
    virtual std::int64_t now_us() const = 0;

    /// Returns the microseconds since the machine booted, including the time in which it was suspended. This clock
    /// never jumps.
    virtual std::int64_t boot_us() const = 0;

    /// Returns the id of the boot that boot_us() counts from. It is different after every boot of the machine.
    virtual std::string boot_id() const = 0;
};

/// Clock that reads the kernel's CLOCK_REALTIME and CLOCK_BOOTTIME. boot_id() reads /proc/sys/kernel/random/boot_id,
/// and returns an empty text if that file cannot be read.
class SystemClock final : public Clock {
public:
    std::int64_t now_us() const override;
    std::int64_t boot_us() const override;
    std::string boot_id() const override;
};

constexpr std::int64_t us_per_second = 1'000'000;

}  // namespace reprieve
