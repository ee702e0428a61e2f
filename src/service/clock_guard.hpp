#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::service {

/// Keeps the promise of a retention although the wall clock can jump (an edge box without a clock battery boots
/// in 1970 and then learns the time).
///
/// The catalog holds a mark: the wall time and the boot clock at one moment. The boot clock never jumps, so
/// what the wall clock says beyond "mark + what passed on the boot clock" is a step, and the deadlines in the
/// bin follow it, so that none loses anything of what remained (image/retention.hpp has the rule).
/// After a restart of the machine the boot clock says nothing. If the wall time is then before the mark, or
/// implausibly far behind it, scrubs are held for `grace`; in the second case deadlines move by the gap, too, since it
/// may be no time that passed.
///
/// Any thread may call.
class ClockGuard {
public:
    ClockGuard(const Clock& clock, std::int64_t grace_us) : clock_(clock), grace_us_(grace_us) {}

    /// Once, at the start of the process, inside Catalog::write.
    void begin(catalog::Connection& db);

    /// The time now, after a step was looked for and deadlines were moved by it. Inside the Catalog::write
    /// that reads or sets a deadline, so that both see the same clock.
    std::int64_t observe(catalog::Connection& db);

    /// Why no scrub may run now, and for how much longer (microseconds); nothing where they may.
    struct Hold {
        std::string reason;
        std::int64_t remaining_us = 0;
    };
    std::optional<Hold> hold() const;

private:
    const Clock& clock_;
    const std::int64_t grace_us_;
    mutable std::mutex mutex_;
    std::string hold_reason_;
    std::int64_t hold_until_boot_us_ = 0;
};

}  // namespace reprieve::service
