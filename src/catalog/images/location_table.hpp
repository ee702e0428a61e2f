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

/// Adds a location after those that the image has, and sets its number.
void insert_location(Connection& db, std::int64_t image_number, Location& location);

/// Writes its state, its size and its attempts back; its store and URI stay.
void update_location(Connection& db, const Location& location);

void delete_location(Connection& db, std::int64_t location_number);

/// Returns at most `limit` images with a location in state writing, with all their locations; deleted images, too. This
/// is what a crash in the middle of an upload leaves. Excludes resumable uploads, which go on after a crash
/// (upload_table.hpp).
std::vector<Image> images_being_written(Connection& db, std::size_t limit);

/// A location in state stored, and its image.
struct StoredLocation {
    Location location;
    std::string image_id;
};

/// Returns at most `limit` stored locations with a number above `after_number`, in the order of their numbers.
std::vector<StoredLocation> stored_locations(Connection& db, std::int64_t after_number, std::size_t limit);

/// Tells whether the location is in state stored and no scrub is about to remove it.
bool is_location_stored(Connection& db, std::int64_t location_number);

/// Returns the location if it is in state writing; else nullopt.
std::optional<Location> find_location_being_written(Connection& db, std::int64_t location_number);

/// Tells whether any location has that URI in that store. Includes locations that are being written, and those whose
/// bytes are still to be removed.
bool is_location_known(Connection& db, std::string_view store, std::string_view uri);

/// Bytes that no image has any more and that are still to be removed.
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

/// Makes the stored locations of an image equal to those of `image`, in their order. Inserts those that are not stored
/// yet and sets their numbers. Each stored location that `image` does not have becomes a removal; returns these.
std::vector<LocationRemoval> update_locations(Connection& db, Image& image);

/// Returns at most `limit` removals whose next attempt is at or before `now_us`, the longest due first. A next attempt
/// more than `longest_wait_us` away was written by a clock that ran ahead, and counts as due.
std::vector<LocationRemoval> due_removals(Connection& db, std::int64_t now_us, std::int64_t longest_wait_us,
                                          std::size_t limit);

/// Tells whether no image has the location again. If one has, its bytes must not be removed.
bool is_still_to_remove(Connection& db, const LocationRemoval& removal);

/// Writes the attempts back.
void update_removal(Connection& db, const LocationRemoval& removal);

void delete_removal(Connection& db, std::int64_t number);

}  // namespace reprieve::catalog
