#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file reads how many images and bytes projects and users have, for the checks of their limits. Call its
/// functions inside Catalog::read or Catalog::write.

/// Number of images that are not deleted, including those in the bin, and their bytes. `bytes` is the sum of the stored
/// bytes and of those that running uploads have reserved (the size of a location in state writing).
struct Usage {
    std::uint64_t images = 0, bytes = 0;
};

/// Returns the usage of a project, which is that of the images it owns. usage_of_user() returns that of the images that
/// the user created. Zeros if there are none. Triggers of the database keep the usage up to date, so the cost does not
/// grow with the number of images.
Usage usage_of_project(Connection& db, std::string_view project);
Usage usage_of_user(Connection& db, std::string_view user);

/// Project that owns an image and user who created it, as ids. The image counts towards the limits of this project and
/// this user.
struct Payers {
    std::string project, user;  ///< the user is empty if not known
};
/// Returns the payers of an image of any status. Throws not_found if its row is gone.
Payers payers_of(Connection& db, std::int64_t image_number);

/// Returns the number of images of the project that have a running upload (a location in state writing).
std::uint64_t uploads_of_project(Connection& db, std::string_view project);

}  // namespace reprieve::catalog
