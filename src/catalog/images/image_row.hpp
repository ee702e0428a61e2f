#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// The columns of images that an Image holds, in the order of row_values(); n is not among them.
constexpr std::array image_columns{
    "id",           "name",          "status",       "visibility",       "owner",         "is_protected", "is_hidden",
    "min_disk",     "min_ram",       "disk_format",  "container_format", "size",          "virtual_size", "checksum",
    "os_hash_algo", "os_hash_value", "created_at",   "updated_at",       "status_reason", "created_by",   "place",
    "deleted_at",   "deleted_by",    "deleted_from", "scrub_after",      "retention"};
using RowValues = std::array<Value, image_columns.size()>;

/// Which list shows an image: images.place. The numbers are stored and never change.
enum class Place : int { live = 0, bin = 1, hidden = 2, gone = 3 };
Place place_of(const Image& image);

/// Returns the row of `image`. Its texts are views into `image`.
RowValues row_values(const Image& image);

/// Returns "i.n, i.id, …", the columns of a SELECT in which the table images is called i.
const std::string& selected_image_columns();

/// Reads an image, without its children, from a row of selected_image_columns(), which begin at column 0.
Image read_image(const Statement& row);

/// Returns the images whose rows `from_and_where` selects ("FROM images AS i …"), without their children.
std::vector<Image> select_images(Connection& db, const std::string& from_and_where, std::span<const Value> values);

/// Adds the properties (tags, locations) of these images to them. Requires: their numbers are set.
void load_properties(Connection& db, std::span<Image> images);
void load_tags(Connection& db, std::span<Image> images);
void load_locations(Connection& db, std::span<Image> images);

}  // namespace reprieve::catalog
