#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// Columns of the table images that an Image holds, in the order of row_values(). The column n, the row number, is not
/// among them.
constexpr std::array image_columns{
    "id",           "name",          "status",       "visibility",       "owner",         "is_protected", "is_hidden",
    "min_disk",     "min_ram",       "disk_format",  "container_format", "size",          "virtual_size", "checksum",
    "os_hash_algo", "os_hash_value", "created_at",   "updated_at",       "status_reason", "created_by",   "place",
    "deleted_at",   "deleted_by",    "deleted_from", "scrub_after",      "retention"};
/// One value for each of image_columns, in the same order.
using RowValues = std::array<Value, image_columns.size()>;

/// List that shows an image, as the column images.place stores it. live: the list of images. bin: the list of the bin.
/// hidden: no list, because the image was deleted while delayed_delete was off and waits for the scrubber. gone: no
/// list, because the image is deleted. The numbers are stored and never change.
enum class Place : int { live = 0, bin = 1, hidden = 2, gone = 3 };
/// Returns the place of `image`, which follows from its status and its deletion.
Place place_of(const Image& image);

/// Returns the values of `image` for its row in the table images. The texts among them are views into `image`.
RowValues row_values(const Image& image);

/// Returns "i.n, i.id, …": the columns that read_image() reads, for a SELECT in which the table images is called i.
const std::string& selected_image_columns();

/// Returns the image in the current row of `row`. Leaves its properties, tags and locations empty. Requires: the
/// columns of `row` are selected_image_columns(), from column 0 on.
Image read_image(const Statement& row);

/// Returns the images whose rows the SQL text `from_and_where` selects ("FROM images AS i … WHERE …"). Binds `values`
/// to the placeholders in this text. Leaves the properties, tags and locations of the images empty.
std::vector<Image> select_images(Connection& db, const std::string& from_and_where, std::span<const Value> values);

/// Reads the stored properties of each image and adds them to it. load_tags() does the same with tags, load_locations()
/// with locations. Requires: the numbers of the images are set. load_locations() throws unavailable if a URI cannot be
/// decrypted.
void load_properties(Connection& db, std::span<Image> images);
void load_tags(Connection& db, std::span<Image> images);
void load_locations(Connection& db, std::span<Image> images);

}  // namespace reprieve::catalog
