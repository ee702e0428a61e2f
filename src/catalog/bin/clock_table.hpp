#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Wall clock and boot clock, read at the same moment, and the time until which no image may be scrubbed because the
/// wall clock is in doubt (service/clock_guard.hpp).
struct ClockMark {
    std::int64_t wall_us = 0;             ///< microseconds since 1970 UTC
    std::int64_t boot_us = 0;             ///< microseconds since the boot `boot_id`
    std::string boot_id;                  ///< id of a boot, from Clock::boot_id(); never empty in the catalog
    std::int64_t hold_until_boot_us = 0;  ///< no image is scrubbed before; on the same clock as boot_us
    std::string hold_reason;              ///< why no image is scrubbed; empty if images may be scrubbed
};

/// Returns the stored mark; nullopt in a new catalog. Call inside Catalog::read or Catalog::write.
std::optional<ClockMark> clock_mark(Connection& db);

/// Replaces the stored mark. Call inside Catalog::write. Requires: the boot_id of `mark` is not empty.
void set_clock_mark(Connection& db, const ClockMark& mark);

}  // namespace reprieve::catalog
