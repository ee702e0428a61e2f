#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// What the clocks said at one moment, and until when scrubs are held (service/clock_guard.hpp).
struct ClockMark {
    std::int64_t wall_us = 0;
    std::int64_t boot_us = 0;
    std::string boot_id;
    std::int64_t hold_until_boot_us = 0;
    std::string hold_reason;
};

/// Nothing in a new catalog.
std::optional<ClockMark> clock_mark(Connection& db);
void set_clock_mark(Connection& db, const ClockMark& mark);

}  // namespace reprieve::catalog
