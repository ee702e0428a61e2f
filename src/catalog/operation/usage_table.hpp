#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// What projects and users have, kept up to date by triggers: the cost does not grow with the catalog. All functions
/// run inside Catalog::read or write.

/// Images that are not deleted, those in the bin too, and their bytes: what is stored, and what running uploads have
/// reserved, which is the size of a location in state writing.
struct Usage {
    std::uint64_t images = 0, bytes = 0;
};
Usage usage_of_project(Connection& db, std::string_view project);
Usage usage_of_user(Connection& db, std::string_view user);

/// Who an image counts for.
struct Payers {
    std::string project, user;
};
/// Of any image whose row is there. Throws not_found.
Payers payers_of(Connection& db, std::int64_t image_number);

/// Images of the project to which an upload runs.
std::uint64_t uploads_of_project(Connection& db, std::string_view project);

}  // namespace reprieve::catalog
