#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// Questions about locations that are not about one image. All functions run inside Catalog::read or write.

/// Images with a location in state writing, with their locations, also of deleted images: what a stop in
/// mid-upload leaves.
std::vector<Image> images_being_written(Connection& db, std::size_t limit);

/// A location in state stored, and whose it is.
struct StoredLocation {
    Location location;
    std::string image_id;
};

/// Those with a number above `after_number`, by number.
std::vector<StoredLocation> stored_locations(Connection& db, std::int64_t after_number, std::size_t limit);

/// True where it is in state stored and no scrub is about to remove it.
bool is_location_stored(Connection& db, std::int64_t location_number);

/// True where any location, also one that is being written, has that URI in that store.
bool is_location_known(Connection& db, std::string_view store, std::string_view uri);

/// True where an image of that id exists or ever existed.
bool is_id_used(Connection& db, std::string_view id);

}  // namespace reprieve::catalog
