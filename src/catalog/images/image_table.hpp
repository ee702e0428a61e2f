#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// This file is the table of images, with their properties, tags and locations. Call its functions inside Catalog::read
/// or Catalog::write, on the thread that runs the transaction. Functions that change something need Catalog::write.

/// Tells whether an image with that id exists or ever existed, deleted and purged images included.
bool is_id_used(Connection& db, std::string_view id);

/// Stores a new image with its properties, tags and locations. Sets the number of the image and the numbers of its
/// locations. Throws conflict if the id was ever used, and bad_request if a size is 2^63 bytes or more.
void insert_image(Connection& db, Image& image);

/// Returns the image with its properties, tags and locations. The image may have any status except deleted. Returns
/// nullopt if there is no such image. Throws unavailable if the URI of a location cannot be decrypted.
std::optional<Image> find_image(Connection& db, std::string_view id);

/// Makes the stored row with the number of `image` equal to `image`. This overwrites changes that others made since
/// `image` was read. Does not write properties, tags and locations. Throws not_found if there is no such row, internal
/// if the status may not follow the stored one (may_follow(), image/status.hpp), and bad_request if a size is 2^63
/// bytes or more.
void update_image_row(Connection& db, const Image& image);

/// Makes the stored properties equal to those of `image`: adds, changes and deletes. Writes only differences. Requires:
/// the row of the image exists.
void update_properties(Connection& db, const Image& image);

/// Makes the stored tags equal to those of `image`: adds and deletes. Writes only differences. Requires: the row of the
/// image exists, and `image` has no tag twice.
void update_tags(Connection& db, const Image& image);

/// Deletes at most `limit` rows of images with status deleted that were deleted before `before_us` (microseconds since
/// 1970 UTC), oldest first. Skips images that still have locations. The ids of the images can never be used again.
/// Returns how many rows it deleted.
std::size_t purge_deleted(Connection& db, std::int64_t before_us, std::size_t limit);

/// Number of the images outside the bin and in the bin, and the total bytes of each of these two groups. Neither group
/// has images with status deleted, or images that were deleted while delayed_delete was off.
struct ImageTotals {
    std::uint64_t images = 0, bytes = 0, bin_images = 0, bin_bytes = 0;
};

/// Returns the totals. Triggers of the database keep the totals up to date, so the cost does not grow with the number
/// of images.
ImageTotals totals(Connection& db);

/// Returns the number of images with each status. Counts only images that are neither in the bin nor deleted (a status
/// before pending_delete). Omits a status that no image has. The cost grows with the number of images.
std::map<Status, std::uint64_t> count_by_status(Connection& db);

}  // namespace reprieve::catalog
