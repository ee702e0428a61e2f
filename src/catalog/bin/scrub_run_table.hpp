#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file stores the history of the passes of the scrubber. Call its functions inside Catalog::read or
/// Catalog::write.

/// One pass of the scrubber. Times are microseconds since 1970 UTC. `images` counts the images that were scrubbed, and
/// `failures` the images whose bytes could not be removed.
struct ScrubRun {
    std::int64_t number = 0;  ///< the catalog's key; grows with time; 0 before it is stored
    std::int64_t started_at = 0;
    std::optional<std::int64_t> ended_at;  ///< nullopt while the pass runs
    std::string trigger;                   ///< "timer", "request" (due images), "purge" (one image), "empty" (all)
    std::uint64_t images = 0, bytes_freed = 0, failures = 0;
};

/// Stores a new run and sets its number. Deletes all runs except the newest 1,000.
void insert_run(Connection& db, ScrubRun& run);

/// Replaces the stored run that has the number of `run`. Does nothing if there is none.
void update_run(Connection& db, const ScrubRun& run);

/// Sets ended_at to started_at in all runs that have no ended_at. Call it at the start of the process: such runs were
/// cut off when an earlier process stopped.
void end_open_runs(Connection& db);

/// Returns the newest runs, at most `limit`, newest first.
std::vector<ScrubRun> last_runs(Connection& db, std::size_t limit);

}  // namespace reprieve::catalog
