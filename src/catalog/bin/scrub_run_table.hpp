#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// History of the passes of the scrubber. All functions run inside Catalog::read or write.

/// One pass of the scrubber. Times are microseconds since 1970 UTC. `images` counts scrubbed images, and `failures`
/// those whose bytes could not be removed.
struct ScrubRun {
    std::int64_t number = 0;  ///< the catalog's key; grows with time; 0 before it is stored
    std::int64_t started_at = 0;
    std::optional<std::int64_t> ended_at;  ///< nullopt while the pass runs
    std::string trigger;                   ///< "timer", "request" (what is due), "purge" (one image), "empty" (the bin)
    std::uint64_t images = 0, bytes_freed = 0, failures = 0;
};

/// Stores a new run and sets its number. Deletes all runs except the newest 1,000.
void insert_run(Connection& db, ScrubRun& run);

/// Writes all members of the run. Does nothing if there is no run with its number.
void update_run(Connection& db, const ScrubRun& run);

/// Sets ended_at of all runs without it to their started_at. Called at the start of the process, because an earlier
/// process may have stopped before it could end its runs.
void end_open_runs(Connection& db);

/// Returns the newest runs, at most `limit`, newest first.
std::vector<ScrubRun> last_runs(Connection& db, std::size_t limit);

}  // namespace reprieve::catalog
