#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// This file has the queries and changes that the scrubber needs, on the tables of images and locations. Call its
/// functions inside Catalog::read or Catalog::write, on the thread that runs the transaction. Functions that change
/// something need Catalog::write. Times are microseconds since 1970 UTC.
///
/// Images are returned with their locations, but without properties and tags. Functions that return images throw
/// unavailable if the URI of a location cannot be decrypted.

/// Maximum delay of a retry, in microseconds (one hour). A next_attempt_at that is further away was written while the
/// clock was ahead, so due_images() and half_done_images() treat it as due.
constexpr std::int64_t longest_wait_us = 3'600'000'000;

/// Position in the list of due_images(): scrub_after and number of the last image of a page. The default is the start
/// of the list.
struct DuePlace {
    std::int64_t scrub_after = std::numeric_limits<std::int64_t>::min();
    std::int64_t number = 0;
};

/// Returns at most `limit` images to scrub: those with status pending_delete, with scrub_after at or before `now_us`,
/// and without a location that waits for a retry after `now_us`. Sorts the images by scrub_after, then by number, and
/// starts after the position `after`.
std::vector<Image> due_images(Connection& db, std::int64_t now_us, std::size_t limit, const DuePlace& after = {});

/// Returns at most `limit` images with status scrubbing and no location that waits for a retry after `now_us`, in the
/// order of their numbers. An earlier pass claimed these images and did not finish.
std::vector<Image> half_done_images(Connection& db, std::int64_t now_us, std::size_t limit);

/// Sets the status of an image. If the new status is deleted, also sets its place, the list that shows the image.
/// Writes nothing else, so it keeps changes that others made after the caller read the image. Does nothing if there is
/// no such image. Requires: the image is pending_delete or scrubbing, and `status` is one of these two or deleted.
void update_status_of_removal(Connection& db, std::int64_t image_number, Status status);

/// Returns at most `limit` images of the bin (pending_delete or scrubbing) with a number above `after_number`, in the
/// order of their numbers. If `owner` is set, returns only images of that project.
std::vector<Image> bin_images(Connection& db, std::int64_t after_number, const std::optional<std::string>& owner,
                              std::size_t limit);

/// Returns the earliest time at which an image is due. An image in status pending_delete is due at its scrub_after or
/// at its next retry, whichever is later; an image in status scrubbing is due at its next retry. The time may be in the
/// past. Returns nullopt if no image waits.
std::optional<std::int64_t> next_due_at(Connection& db);

/// Adjusts scrub_after of all images that are pending_delete or scrubbing, after the wall clock was set from
/// `before_us` to `after_us`. deadline_after_step() computes the new value (image/retention.hpp). Returns how many
/// deadlines changed.
std::size_t shift_deadlines(Connection& db, std::int64_t before_us, std::int64_t after_us);

/// One location whose bytes could not be removed from its store, and the image that has it. If an image has two such
/// locations, there are two of these structs for it.
struct BlockedImage {
    std::string id;
    std::string name;                  ///< empty if the image has none
    std::string reason;                ///< why the last attempt failed
    int attempts = 0;                  ///< failed attempts so far
    std::int64_t next_attempt_at = 0;  ///< microseconds since 1970 UTC
    std::vector<std::string> by;       ///< what else used the bytes at the last attempt, such as clones
};

/// Returns at most `limit` locations whose bytes could not be removed, in the order of their numbers (oldest location
/// first). Includes images that were deleted while delayed_delete was off, which no list shows.
std::vector<BlockedImage> blocked_images(Connection& db, std::size_t limit);

/// Makes every removal that has failed before due now: for locations of images and for former locations
/// (LocationRemoval). Keeps the counts of failed attempts.
void end_waits(Connection& db);

}  // namespace reprieve::catalog
