#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// The record of the scrubber's passes. All functions run inside Catalog::read or write.

/// One pass of the scrubber. Times are microseconds since 1970 UTC.
struct ScrubRun {
    std::int64_t number = 0;
    std::int64_t started_at = 0;
    std::optional<std::int64_t> ended_at;
    std::string trigger;  ///< "timer", "request", "purge", "empty"
    std::uint64_t images = 0, bytes_freed = 0, failures = 0;
};

/// Adds a run, sets its number, and removes all but the newest thousand.
void insert_run(Connection& db, ScrubRun& run);

void update_run(Connection& db, const ScrubRun& run);

/// Ends the runs that a process before this one could not end.
void end_open_runs(Connection& db);

/// Returns the newest runs, the newest first, at most `limit`.
std::vector<ScrubRun> last_runs(Connection& db, std::size_t limit);

}  // namespace reprieve::catalog
