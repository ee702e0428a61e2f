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

/// Images with their properties, tags and locations. All functions run inside Catalog::read or write.

/// Tells whether an image of that id exists or ever existed.
bool is_id_used(Connection& db, std::string_view id);

/// Stores a new image with its children and gives it its number. Throws conflict where the id was ever used.
void insert_image(Connection& db, Image& image);

/// The whole image; nothing where there is none, or only a deleted row.
std::optional<Image> find_image(Connection& db, std::string_view id);

/// Writes the row of an image back as it is in `image`; children stay as they are.
void update_image_row(Connection& db, const Image& image);

/// Makes the stored properties (or tags) equal to those of `image`; touches only what differs.
void update_properties(Connection& db, const Image& image);
void update_tags(Connection& db, const Image& image);

/// Removes rows of images that were deleted before `before_us`, at most `limit`; their ids stay used.
/// Returns how many.
std::size_t purge_deleted(Connection& db, std::int64_t before_us, std::size_t limit);

/// Counts images outside the bin that are not deleted, and those in it, with their bytes. Kept up to date by
/// triggers or counters: the cost does not grow with the catalog.
struct ImageTotals {
    std::uint64_t images = 0, bytes = 0, bin_images = 0, bin_bytes = 0;
};
ImageTotals totals(Connection& db);

/// Images outside the bin, by status; those statuses that none has are left out. It walks an index.
std::map<Status, std::uint64_t> count_by_status(Connection& db);

}  // namespace reprieve::catalog
