#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/event.hpp"

namespace reprieve::catalog {

/// Table of the audit trail. All functions run inside Catalog::read or write. Times are microseconds since 1970 UTC.

/// Maximum numbers of kept events; the oldest ones beyond are deleted. Refusals have a limit of their own, and
/// downloads may take at most half of `events`. So a client that is refused or downloads all day cannot push out the
/// records of changes.
struct EventBounds {
    std::uint64_t events = 1'000'000;  ///< with the result "done"
    std::uint64_t refusals = 10'000;   ///< with any other result
};

/// Stores the event in the current transaction, together with the change that it records. Writes its line to the log
/// once both are durable. Makes the texts valid UTF-8, and cuts the detail to 512 bytes and the others, except owner
/// and result, to 255. If a refusal has no owner, takes the owner of the image that is its target. Requires: runs
/// inside Catalog::write.
void record_event(Connection& db, Event event);

/// Returns the page that `query` asks for, newest first. The page is empty if the event of the marker (before_number)
/// has been purged. Throws bad_request if no event ever had that number.
std::vector<Event> list_events(Connection& db, const EventQuery& query);

/// Deletes events from before `before_us`, and then the oldest ones beyond `bounds`; at most `limit` in all. Returns
/// how many.
std::size_t purge_events(Connection& db, std::int64_t before_us, const EventBounds& bounds, std::size_t limit);

}  // namespace reprieve::catalog
