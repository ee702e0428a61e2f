#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::service {

/// Guard that keeps the promised retention of deleted images although the wall clock can jump. For example, a machine
/// without a clock battery boots in 1970 and learns the time later.
///
/// The catalog holds a mark: the wall time and the boot clock at one moment. The boot clock never jumps. If the wall
/// clock differs from the mark plus the time passed on the boot clock, the difference is a step. The deadlines of the
/// images in the bin move with the step, so that no image loses any of its remaining retention (the rule is in
/// image/retention.hpp).
///
/// The boot clock starts again at each boot of the machine, so a step across a reboot cannot be measured. If the wall
/// time after a reboot is before the mark, or more than 30 days after it, scrubs of due images wait for `grace_us`. If
/// the wall time is more than 30 days after the mark, the deadlines also move by this gap, because that much time may
/// not have passed.
///
/// Any thread may call.
class ClockGuard {
public:
    ClockGuard(const Clock& clock, std::int64_t grace_us) : clock_(clock), grace_us_(grace_us) {}

    /// Compares the clocks with the mark in the catalog, and begins a hold if the wall time is doubtful. Call it once,
    /// at the start of the process, inside Catalog::write.
    void begin(catalog::Connection& db);

    /// Returns the wall time in microseconds since 1970 UTC. If the wall clock was set since the last call, first moves
    /// the deadlines of the images in the bin by the difference. Call it inside the Catalog::write that reads or sets
    /// such a deadline, so that deadlines and the returned time follow the same clock.
    std::int64_t observe(catalog::Connection& db);

    /// Pause in which no image is scrubbed because of its deadline. Purges that a user requests still run.
    struct Hold {
        std::string reason;
        std::int64_t remaining_us = 0;
    };
    /// Returns the current hold; nullopt if there is none.
    std::optional<Hold> hold() const;

private:
    const Clock& clock_;
    const std::int64_t grace_us_;
    mutable Mutex mutex_;
    std::string hold_reason_ GUARDED_BY(mutex_);
    std::int64_t hold_until_boot_us_ GUARDED_BY(mutex_) = 0;
};

}  // namespace reprieve::service
