#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/event.hpp"

namespace reprieve::catalog {

/// This file is the table of the audit trail. Call its functions inside Catalog::read or Catalog::write. Times are
/// microseconds since 1970 UTC.

/// Maximum numbers of stored events; beyond a maximum, the oldest events are deleted. Refusals have a maximum of their
/// own, and downloads may take at most half of `events`. Thus a client whose requests are refused all day, or who
/// downloads all day, cannot push out the records of changes.
struct EventBounds {
    std::uint64_t events = 1'000'000;  ///< maximum number of events with the result "done"
    std::uint64_t refusals = 10'000;   ///< maximum number of events with any other result
};

/// Stores the event in the current transaction, together with the change that it records. Once this transaction is
/// durable, writes a line about the event to the log. Except in owner and result, makes the texts valid UTF-8, and cuts
/// the detail to 512 bytes and the others to 255. If a refusal has no owner, sets it to the owner of the image that is
/// the target. Requires: called inside Catalog::write.
void record_event(Connection& db, Event event);

/// Returns the page that `query` asks for, newest event first. The page begins after the event query.before_number, and
/// is empty if that event has been purged. Throws bad_request if no event ever had that number.
std::vector<Event> list_events(Connection& db, const EventQuery& query);

/// Deletes events from before `before_us`, and then the oldest events beyond `bounds`. Deletes at most `limit` events
/// in all, and returns how many it deleted.
std::size_t purge_events(Connection& db, std::int64_t before_us, const EventBounds& bounds, std::size_t limit);

}  // namespace reprieve::catalog
