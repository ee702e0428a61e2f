#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Reading of both clocks at one moment, and the time until which scrubs are held (service/clock_guard.hpp).
struct ClockMark {
    std::int64_t wall_us = 0;             ///< microseconds since 1970 UTC
    std::int64_t boot_us = 0;             ///< microseconds since the boot `boot_id`
    std::string boot_id;                  ///< Clock::boot_id(); never empty in the catalog
    std::int64_t hold_until_boot_us = 0;  ///< end of the hold, on the clock of boot_us
    std::string hold_reason;              ///< empty if scrubs were not held
};

/// Returns the stored mark; nullopt in a new catalog. Runs inside Catalog::read or write.
std::optional<ClockMark> clock_mark(Connection& db);

/// Replaces the stored mark. Runs inside Catalog::write. Requires: the boot_id of `mark` is not empty.
void set_clock_mark(Connection& db, const ClockMark& mark);

}  // namespace reprieve::catalog
