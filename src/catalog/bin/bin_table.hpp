#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// The bin, as the scrubber needs it. All functions run inside Catalog::read or write.

/// Maximum delay of a retry. A next_attempt_at further away was written by a clock that ran ahead, and counts as due.
constexpr std::int64_t longest_wait_us = 3'600'000'000;

/// The last image of a page of due_images().
struct DuePlace {
    std::int64_t scrub_after = std::numeric_limits<std::int64_t>::min();
    std::int64_t number = 0;
};

/// Returns images with status pending_delete whose scrub_after is at or before `now_us` and none of whose locations
/// waits for an attempt after `now_us`, with their locations: at most `limit` after `after`, the longest due first.
std::vector<Image> due_images(Connection& db, std::int64_t now_us, std::size_t limit, const DuePlace& after = {});

/// Returns at most `limit` images with status scrubbing none of whose locations waits for an attempt after `now_us`, in
/// the order of their numbers, with their locations.
std::vector<Image> half_done_images(Connection& db, std::int64_t now_us, std::size_t limit);

/// Sets the status of an image that is pending_delete or scrubbing to one of these, or to deleted. Writes nothing else,
/// so that changes by others since the image was read stay.
void update_status_of_removal(Connection& db, std::int64_t image_number, Status status);

/// Returns at most `limit` images of the bin with a number above `after_number`, in the order of their numbers, with
/// their locations. If `owner` is set, only those of that project.
std::vector<Image> bin_images(Connection& db, std::int64_t after_number, const std::optional<std::string>& owner,
                              std::size_t limit);

/// Returns when the next image falls due, retries included, in microseconds since 1970 UTC; nullopt if none waits.
std::optional<std::int64_t> next_due_at(Connection& db);

/// Moves the deadlines of the bin after the wall clock stepped from `before_us` to `after_us`, by deadline_after_step()
/// (image/retention.hpp). Returns how many were moved.
std::size_t shift_deadlines(Connection& db, std::int64_t before_us, std::int64_t after_us);

/// An image whose bytes could not be removed.
struct BlockedImage {
    std::string id;
    std::string name;  ///< empty if it has none
    std::string reason;
    int attempts = 0;
    std::int64_t next_attempt_at = 0;
    std::vector<std::string> by;  ///< what else needs the bytes
};

/// Returns at most `limit` of them, the longest blocked first. Includes images that no list shows, as they were never
/// in the bin.
std::vector<BlockedImage> blocked_images(Connection& db, std::size_t limit);

/// Makes everything that could not be removed due now.
void end_waits(Connection& db);

}  // namespace reprieve::catalog
