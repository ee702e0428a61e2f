#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// The locations of images, and the removals of those that no image has any more. All functions run inside
/// Catalog::read or write.

/// Adds a location after those that the image has; sets its number.
void insert_location(Connection& db, std::int64_t image_number, Location& location);

/// Writes its state, its size and its attempts back; its store and URI stay.
void update_location(Connection& db, const Location& location);

void delete_location(Connection& db, std::int64_t location_number);

/// Images with a location in state writing, with their locations, also of deleted images: what a stop in
/// mid-upload leaves. Those of uploads that go on after a stop (upload_table.hpp) are not among them.
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

/// Returns the location if it is in state writing; else nullopt.
std::optional<Location> find_location_being_written(Connection& db, std::int64_t location_number);

/// True where any location, also one that is being written or whose bytes are to be removed, has that URI in that
/// store.
bool is_location_known(Connection& db, std::string_view store, std::string_view uri);

/// Makes the stored locations of an image equal to those of `image`, in their order: what is not stored yet gets its
/// number, and what `image` has no more becomes a removal, under which its bytes are remembered. Returns those.
struct LocationRemoval {
    std::int64_t number = 0;  ///< the catalog's key; grows with time
    std::int64_t image_number = 0;
    std::string image_id;
    std::string store, uri;
    std::uint64_t size = 0;
    int attempts = 0;  ///< that failed
    std::string last_error;
    std::int64_t next_attempt_at = 0;  ///< microseconds since 1970 UTC
};
std::vector<LocationRemoval> update_locations(Connection& db, Image& image);

/// Removals that wait for no next attempt after `now_us`, the longest due first. Those that seem to wait longer than
/// `longest_wait_us` got their time from a clock that was ahead, and are due.
std::vector<LocationRemoval> due_removals(Connection& db, std::int64_t now_us, std::int64_t longest_wait_us,
                                          std::size_t limit);

/// False where an image has the location again: then its bytes must not be removed.
bool is_still_to_remove(Connection& db, const LocationRemoval& removal);

/// Writes the attempts back.
void update_removal(Connection& db, const LocationRemoval& removal);
void delete_removal(Connection& db, std::int64_t number);

}  // namespace reprieve::catalog
