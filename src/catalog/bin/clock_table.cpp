#include "catalog/bin/clock_table.hpp"

namespace reprieve::catalog {

std::optional<ClockMark> clock_mark(Connection& db) {
    auto row = db.prepare(
        "SELECT clock_wall_us, clock_boot_us, clock_boot_id, hold_until_boot_us, hold_reason FROM catalog_state "
        "WHERE clock_boot_id <> ''");
    if (!row.step()) return std::nullopt;
    return ClockMark{row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<std::string>(2),
                     row.get<std::int64_t>(3), row.get<std::string>(4)};
}

void set_clock_mark(Connection& db, const ClockMark& mark) {
    db.run(
        "UPDATE catalog_state SET clock_wall_us = ?1, clock_boot_us = ?2, clock_boot_id = ?3, "
        "hold_until_boot_us = ?4, hold_reason = ?5",
        mark.wall_us, mark.boot_us, mark.boot_id, mark.hold_until_boot_us, mark.hold_reason);
}

}  // namespace reprieve::catalog
