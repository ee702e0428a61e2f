#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// Queries and changes that the scrubber needs, on the tables of images and locations. All functions run inside
/// Catalog::read or Catalog::write, on the thread that called it. Functions that change something need Catalog::write.
/// Times are microseconds since 1970 UTC.
///
/// Images are returned with their locations, but without properties and tags. Functions that return images throw
/// unavailable if the URI of a location cannot be decrypted.

/// Maximum delay of a retry, in microseconds (one hour). due_images() and half_done_images() treat a next_attempt_at
/// further away as due, because a clock that ran ahead wrote it.
constexpr std::int64_t longest_wait_us = 3'600'000'000;

/// Position in the order of due_images(): the last image of a page. The default is the start.
struct DuePlace {
    std::int64_t scrub_after = std::numeric_limits<std::int64_t>::min();
    std::int64_t number = 0;
};

/// Returns at most `limit` images to scrub: status pending_delete, scrub_after at or before `now_us`, and no location
/// that waits for a retry after `now_us`. They come in the order of scrub_after, then of their numbers, starting after
/// the position `after`.
std::vector<Image> due_images(Connection& db, std::int64_t now_us, std::size_t limit, const DuePlace& after = {});

/// Returns at most `limit` images with status scrubbing and no location that waits for a retry after `now_us`, in the
/// order of their numbers. An earlier pass claimed these images and did not finish.
std::vector<Image> half_done_images(Connection& db, std::int64_t now_us, std::size_t limit);

/// Sets the status of an image, and its place if the status becomes deleted. Writes nothing else, so that changes that
/// others made since the image was read stay. Does nothing if there is no such image. Requires: the image is
/// pending_delete or scrubbing, and `status` is one of these two or deleted.
void update_status_of_removal(Connection& db, std::int64_t image_number, Status status);

/// Returns at most `limit` images of the bin (pending_delete or scrubbing) with a number above `after_number`, in the
/// order of their numbers. If `owner` is set, returns only images of that project.
std::vector<Image> bin_images(Connection& db, std::int64_t after_number, const std::optional<std::string>& owner,
                              std::size_t limit);

/// Returns the earliest time at which an image is due. A pending_delete image is due at scrub_after or at its retry,
/// whichever is later; a scrubbing image at its retry. The time may be past. Returns nullopt if no image waits.
std::optional<std::int64_t> next_due_at(Connection& db);

/// Adjusts scrub_after of all images that are pending_delete or scrubbing, after the wall clock stepped from
/// `before_us` to `after_us`. The rule is deadline_after_step() (image/retention.hpp). Returns how many deadlines
/// changed.
std::size_t shift_deadlines(Connection& db, std::int64_t before_us, std::int64_t after_us);

/// A location whose bytes could not be removed, and its image. An image with two such locations appears twice.
struct BlockedImage {
    std::string id;
    std::string name;                  ///< empty if the image has none
    std::string reason;                ///< why the last attempt failed
    int attempts = 0;                  ///< failed attempts so far
    std::int64_t next_attempt_at = 0;  ///< microseconds since 1970 UTC
    std::vector<std::string> by;       ///< what else needed the bytes at the last attempt; empty if nothing did
};

/// Returns at most `limit` blocked locations, in the order of their numbers (oldest location first). Includes images
/// that were deleted while delayed_delete was off, which no list shows.
std::vector<BlockedImage> blocked_images(Connection& db, std::size_t limit);

/// Makes every failed removal due now, of blocked locations and of former locations (LocationRemoval). The numbers of
/// attempts stay.
void end_waits(Connection& db);

}  // namespace reprieve::catalog
