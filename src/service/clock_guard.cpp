#include "service/clock_guard.hpp"

#include <cstdlib>
#include <utility>

#include "base/log.hpp"
#include "base/timestamp.hpp"
#include "catalog/bin/bin_table.hpp"
#include "catalog/bin/clock_table.hpp"

namespace reprieve::service {
namespace {

constexpr std::int64_t tolerance_us = 2 * us_per_second;                // a smaller difference is NTP slewing, no step
constexpr std::int64_t mark_age_us = 60 * us_per_second;                // maximum age of the mark
constexpr std::int64_t plausible_gap_us = 30 * 86'400 * us_per_second;  // a longer gap at a reboot is doubtful
constexpr int max_readings = 100;

struct Moment {
    std::int64_t boot_us;
    std::int64_t wall_us;
};

/// Returns the times of the boot clock and the wall clock at one moment. Reads both clocks again if the thread was held
/// up between the two readings, because the pause would look like a step of the wall clock.
Moment read_clocks(const Clock& clock) {
    for (int readings = 1;; ++readings) {
        const Moment moment{.boot_us = clock.boot_us(), .wall_us = clock.now_us()};
        if (clock.boot_us() - moment.boot_us < tolerance_us / 4 || readings == max_readings) return moment;
    }
}

}  // namespace

void ClockGuard::begin(catalog::Connection& db) {
    auto mark = catalog::clock_mark(db);
    const auto [boot, now] = read_clocks(clock_);
    if (mark && mark->boot_id == clock_.boot_id()) {
        observe(db);
    } else {
        const auto before = std::exchange(mark, catalog::ClockMark{now, boot, clock_.boot_id(), 0, ""});
        const bool is_behind = before && now < before->wall_us;
        const bool is_ahead = before && now - before->wall_us > plausible_gap_us;
        // The gap may not be time that has passed, so it must not shorten a retention. If the clock is corrected later,
        // this correction limits the deadlines again.
        if (is_ahead) catalog::shift_deadlines(db, before->wall_us, now);
        if (is_behind || is_ahead) {
            mark->hold_until_boot_us = boot + grace_us_;
            mark->hold_reason = "the clock says " + format_timestamp(now) + ", and said " +
                                format_timestamp(before->wall_us) +
                                " when the appliance last ran: scrubs wait until it can be trusted";
            log_warning("clock.doubtful", mark->hold_reason, {});
        }
        catalog::set_clock_mark(db, *mark);
    }
    const MutexLock lock(mutex_);
    hold_until_boot_us_ = mark->hold_until_boot_us;
    hold_reason_ = mark->hold_reason;
}

std::int64_t ClockGuard::observe(catalog::Connection& db) {
    auto mark = catalog::clock_mark(db);
    const auto [boot, now] = read_clocks(clock_);
    const std::int64_t expected = mark ? mark->wall_us + (boot - mark->boot_us) : now;
    const bool stepped = std::llabs(now - expected) > tolerance_us;
    if (stepped) {
        const auto moved = catalog::shift_deadlines(db, expected, now);
        log_warning("clock.stepped", "the wall clock was set; deadlines in the bin moved with it",
                    {{"from", format_timestamp(expected)}, {"to", format_timestamp(now)}, {"images", moved}});
    }
    if (!mark || stepped || boot - mark->boot_us > mark_age_us) {
        if (!mark) mark = catalog::ClockMark{};
        mark->wall_us = now;
        mark->boot_us = boot;
        mark->boot_id = clock_.boot_id();
        catalog::set_clock_mark(db, *mark);
    }
    return now;
}

std::optional<ClockGuard::Hold> ClockGuard::hold() const {
    const MutexLock lock(mutex_);
    const std::int64_t remaining = hold_until_boot_us_ - clock_.boot_us();
    if (hold_reason_.empty() || remaining <= 0) return {};
    return Hold{hold_reason_, remaining};
}

}  // namespace reprieve::service
