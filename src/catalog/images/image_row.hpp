#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// Columns of the table images that an Image holds, in the order of row_values(). The column n is not among them.
constexpr std::array image_columns{
    "id",           "name",          "status",       "visibility",       "owner",         "is_protected", "is_hidden",
    "min_disk",     "min_ram",       "disk_format",  "container_format", "size",          "virtual_size", "checksum",
    "os_hash_algo", "os_hash_value", "created_at",   "updated_at",       "status_reason", "created_by",   "place",
    "deleted_at",   "deleted_by",    "deleted_from", "scrub_after",      "retention"};
/// One value for each of image_columns, in the same order.
using RowValues = std::array<Value, image_columns.size()>;

/// The list that shows an image; column images.place. live: the images. bin: the bin. hidden: none, because the image
/// was deleted while delayed_delete was off and waits for the scrubber. gone: none, because the image is deleted. The
/// numbers are stored and never change.
enum class Place : int { live = 0, bin = 1, hidden = 2, gone = 3 };
/// Returns the place that follows from the status and the deletion of `image`.
Place place_of(const Image& image);

/// Returns the row of `image`. Its texts are views into `image`.
RowValues row_values(const Image& image);

/// Returns "i.n, i.id, …": the columns that read_image() reads, for a SELECT in which the table images is called i.
const std::string& selected_image_columns();

/// Returns the image of a row whose columns are selected_image_columns(), from column 0 on. Its properties, tags and
/// locations stay empty.
Image read_image(const Statement& row);

/// Returns the images whose rows `from_and_where` selects ("FROM images AS i … WHERE …"), with `values` bound to it.
/// Their properties, tags and locations stay empty.
std::vector<Image> select_images(Connection& db, const std::string& from_and_where, std::span<const Value> values);

/// Adds the stored properties (tags, locations) of each image to it. Requires: the numbers of the images are set.
/// load_locations() throws unavailable if a URI cannot be decrypted.
void load_properties(Connection& db, std::span<Image> images);
void load_tags(Connection& db, std::span<Image> images);
void load_locations(Connection& db, std::span<Image> images);

}  // namespace reprieve::catalog
