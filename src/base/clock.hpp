#pragma once

#include <cstdint>
#include <string>

namespace reprieve {

/// The two clocks that the product reads, as an interface so that a test can turn them.
/// Any thread may call.
class Clock {
public:
    virtual ~Clock() = default;

    /// Wall clock: microseconds since 1970-01-01 UTC. Can jump either way.
    virtual std::int64_t now_us() const = 0;

    /// Microseconds since the machine booted, suspended time included. Never jumps.
    virtual std::int64_t boot_us() const = 0;

    /// Names the boot that boot_us() counts from: another text after every boot of the machine.
    virtual std::string boot_id() const = 0;
};

class SystemClock final : public Clock {
public:
    std::int64_t now_us() const override;
    std::int64_t boot_us() const override;
    std::string boot_id() const override;
};

constexpr std::int64_t us_per_second = 1'000'000;

}  // namespace reprieve
