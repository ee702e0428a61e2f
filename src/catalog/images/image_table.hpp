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

/// Stores a new image with its properties, tags and locations, and sets its number. Throws conflict if the id was ever
/// used.
void insert_image(Connection& db, Image& image);

/// Returns the whole image; nullopt if there is none, or only the row of one that is deleted.
std::optional<Image> find_image(Connection& db, std::string_view id);

/// Writes the row of an image back; its properties, tags and locations stay. Throws not_found if there is no such row,
/// and internal if its status may not follow the stored one.
void update_image_row(Connection& db, const Image& image);

/// Makes the stored properties equal to those of `image`. Writes only what differs.
void update_properties(Connection& db, const Image& image);

/// Makes the stored tags equal to those of `image`. Writes only what differs.
void update_tags(Connection& db, const Image& image);

/// Removes at most `limit` rows of images that were deleted before `before_us` and have no locations left. Their ids
/// stay used. Returns how many it removed.
std::size_t purge_deleted(Connection& db, std::int64_t before_us, std::size_t limit);

/// Images that are neither deleted nor in the bin, those in the bin, and their bytes.
struct ImageTotals {
    std::uint64_t images = 0, bytes = 0, bin_images = 0, bin_bytes = 0;
};

/// Returns what triggers of the catalog count: the cost does not grow with the number of images.
ImageTotals totals(Connection& db);

/// Counts the images that are neither deleted nor in the bin, by status. Leaves out statuses that none has. The cost
/// grows with the number of images.
std::map<Status, std::uint64_t> count_by_status(Connection& db);

}  // namespace reprieve::catalog
