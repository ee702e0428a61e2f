#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"

namespace reprieve::catalog {

/// This file has two tables: the locations of images, and the removals (locations that no image has any more, but whose
/// bytes are not removed yet). Call its functions inside Catalog::read or Catalog::write, on the thread that runs the
/// transaction. Functions that change something need Catalog::write. Times are microseconds since 1970 UTC, sizes are
/// bytes.
///
/// The functions encrypt the URIs that they store, and decrypt those that they return. Functions that return URIs throw
/// unavailable if one cannot be decrypted.

/// Stores `location` as the last location of the image, and sets the number of `location`. Throws bad_request if its
/// size is 2^63 bytes or more. Requires: the row of the image exists.
void insert_location(Connection& db, std::int64_t image_number, Location& location);

/// Stores state, size, attempts, last_error, next_attempt_at and blocked_by of `location`, and no other member. Does
/// nothing if there is no location with its number. Throws bad_request if the size is 2^63 bytes or more.
void update_location(Connection& db, const Location& location);

/// Deletes the row of a location, if there is one. The bytes in the store are not touched.
void delete_location(Connection& db, std::int64_t location_number);

/// Returns at most `limit` images of any status that have a location in state writing, in no particular order. After a
/// crash, these are the images whose upload was interrupted. Excludes locations of resumable uploads that are not done,
/// because these continue after a crash (upload_table.hpp). The images have all their locations, but no properties and
/// tags.
std::vector<Image> images_being_written(Connection& db, std::size_t limit);

/// A location in state stored, and the id of its image. Only the members number, store, uri, size and state of the
/// location are set.
struct StoredLocation {
    Location location;
    std::string image_id;
};

/// Returns at most `limit` locations in state stored with a number above `after_number`, in the order of their numbers.
/// Includes images of any status.
std::vector<StoredLocation> stored_locations(Connection& db, std::int64_t after_number, std::size_t limit);

/// Tells whether the location exists in state stored and its image does not have the status scrubbing.
bool is_location_stored(Connection& db, std::int64_t location_number);

/// Returns the location if it is in state writing. Only its number, store, uri, size and state are set. Returns nullopt
/// if there is no such location, or its state is stored.
std::optional<Location> find_location_being_written(Connection& db, std::int64_t location_number);

/// Tells whether an image has a location with that URI in that store, even one in state writing, or whether the bytes
/// of such a location are still to be removed (LocationRemoval).
bool is_location_known(Connection& db, std::string_view store, std::string_view uri);

/// Bytes of a former location of an image that are still to be removed from their store.
struct LocationRemoval {
    std::int64_t number = 0;        ///< the catalog's key; grows with time
    std::int64_t image_number = 0;  ///< the image that had the location; its row may be gone
    std::string image_id;
    std::string store, uri;
    std::uint64_t size = 0;            ///< bytes of the image
    int attempts = 0;                  ///< failed attempts so far
    std::string last_error;            ///< why the last attempt failed; empty if none has failed
    std::int64_t next_attempt_at = 0;  ///< microseconds since 1970 UTC; 0 if none has failed
};

/// Makes the set, the order and the metadata of the stored locations equal to those of `image`. Stores each location
/// with number 0, and sets its number. Each stored location that `image` does not have becomes a removal. Returns these
/// removals. Throws bad_request if a size is 2^63 bytes or more. Requires: the row of the image exists.
std::vector<LocationRemoval> update_locations(Connection& db, Image& image);

/// Returns at most `limit` removals whose next_attempt_at is at or before `now_us`, sorted by next_attempt_at. A
/// next_attempt_at more than `longest_wait_us` (microseconds) after `now_us` was written by a clock that ran ahead, and
/// counts as due.
std::vector<LocationRemoval> due_removals(Connection& db, std::int64_t now_us, std::int64_t longest_wait_us,
                                          std::size_t limit);

/// Returns false if an image has the same URI in the same store again. The bytes must then not be removed.
bool is_still_to_remove(Connection& db, const LocationRemoval& removal);

/// Stores attempts, last_error and next_attempt_at of `removal`. Does nothing if there is no removal with its number.
void update_removal(Connection& db, const LocationRemoval& removal);

/// Deletes the row of a removal, if there is one. Call it once the bytes are removed or an image has them again.
void delete_removal(Connection& db, std::int64_t number);

}  // namespace reprieve::catalog
