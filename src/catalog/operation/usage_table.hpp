#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Table of what projects and users have, for their limits. All functions run inside Catalog::read or write.

/// Number of images that are not deleted, including those in the bin, and their bytes. The bytes are those stored plus
/// those that running uploads have reserved (the size of a location in state writing).
struct Usage {
    std::uint64_t images = 0, bytes = 0;
};

/// Returns the usage of a project by the images that it owns, and of a user by the images that the user created; zeros
/// if there are none. Triggers keep it up to date, so the cost does not grow with the number of images.
Usage usage_of_project(Connection& db, std::string_view project);
Usage usage_of_user(Connection& db, std::string_view user);

/// Ids of the project that owns an image and of the user who created it: the image counts towards their limits.
struct Payers {
    std::string project, user;  ///< the user is empty if not known
};
/// Returns the payers of an image of any status. Throws not_found if its row is gone.
Payers payers_of(Connection& db, std::int64_t image_number);

/// Returns the number of images of the project that have a running upload (a location in state writing).
std::uint64_t uploads_of_project(Connection& db, std::string_view project);

}  // namespace reprieve::catalog
