#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// What the scrubber asks the catalog. All functions run inside Catalog::read or write.

/// The longest that a location waits for its next attempt. One that seems to wait longer got its time from a clock
/// that was ahead, and is not waited for.
constexpr std::int64_t longest_wait_us = 3'600'000'000;

/// Where a page of due_images() ends: its last image.
struct DuePlace {
    std::int64_t scrub_after = std::numeric_limits<std::int64_t>::min();
    std::int64_t number = 0;
};

/// Images with status pending_delete whose scrub_after is at or before `now_us` and none of whose locations waits for
/// a next attempt after `now_us`; the longest due first, at most `limit` behind `after`, with their locations.
std::vector<Image> due_images(Connection& db, std::int64_t now_us, std::size_t limit, const DuePlace& after = {});

/// Images with status scrubbing none of whose locations waits for a next attempt after `now_us`, by number, with
/// their locations.
std::vector<Image> half_done_images(Connection& db, std::int64_t now_us, std::size_t limit);

/// Moves an image that is on its way out between pending_delete and scrubbing, and to deleted. Nothing else of its row
/// is touched: what others changed since it was read stays.
void update_status_of_removal(Connection& db, std::int64_t image_number, Status status);

/// Images of the bin with a number above `after_number`, by number; only those of `owner` where it is given; with
/// their locations.
std::vector<Image> bin_images(Connection& db, std::int64_t after_number, const std::optional<std::string>& owner,
                              std::size_t limit);

/// When the next image falls due, attempts counted; nothing where none waits.
std::optional<std::int64_t> next_due_at(Connection& db);

/// Moves the deadlines of the bin after the wall clock stepped from `before_us` to `after_us`, so that none leaves less
/// of its retention than it did, and none more than a full one from now. Forward: a deadline that the old clock
/// can have set moves by the step; one that another clock set, and that is over now, is a full retention away. Back:
/// a deadline stays, but is never more than a full retention away. Returns how many were moved.
std::size_t shift_deadlines(Connection& db, std::int64_t before_us, std::int64_t after_us);

/// An image whose bytes could not be removed.
struct BlockedImage {
    std::string id;
    std::string name;  ///< empty where it has none
    std::string reason;
    int attempts = 0;
    std::int64_t next_attempt_at = 0;
    std::vector<std::string> by;  ///< what else needs the bytes
};
/// The longest blocked first. Those too that no list shows, as they were never in the bin.
std::vector<BlockedImage> blocked_images(Connection& db, std::size_t limit);

/// Ends the waits for a next attempt: what could not be removed may be tried now.
void end_waits(Connection& db);

}  // namespace reprieve::catalog
