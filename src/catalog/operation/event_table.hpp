#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/event.hpp"

namespace reprieve::catalog {

/// The audit trail. All functions run inside Catalog::read or write.

/// How many events are kept: the oldest beyond go. Refusals are counted apart, and of what was done at most half is
/// downloads: nobody who is refused, or reads, all day pushes out what was changed.
struct EventBounds {
    std::uint64_t events = 1'000'000;
    std::uint64_t refusals = 10'000;
};

/// Stores the event with the change that it tells of, and writes its line to the log once both are durable. Texts are
/// cut to some hundred bytes. The owner of the image of a refusal is looked up here.
void record_event(Connection& db, Event event);

/// The page that `query` asks for, the newest first. Throws bad_request for a marker that no event ever had.
std::vector<Event> list_events(Connection& db, const EventQuery& query);

/// Removes at most `limit` events that are from before `before_us`, or beyond `bounds`; the oldest. Returns how many.
std::size_t purge_events(Connection& db, std::int64_t before_us, const EventBounds& bounds, std::size_t limit);

}  // namespace reprieve::catalog
