#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file is the table of projects, with queries on the images that projects own. Call its functions inside
/// Catalog::read or Catalog::write. Times are microseconds since 1970 UTC.

struct Project {
    std::string id, name, description;
    bool is_enabled = true;
    std::int64_t created_at = 0;
};

/// Stores a new project. Requires: no project has its id or its name.
void insert_project(Connection& db, const Project& project);

/// Returns the project; nullopt if there is none.
std::optional<Project> find_project(Connection& db, std::string_view id);

/// Returns all projects, in the order of their names. If `name` is set, returns only the one with that name.
std::vector<Project> list_projects(Connection& db, const std::optional<std::string>& name);

/// Writes name, description and is_enabled. Does nothing if there is no such project. Requires: no other project has
/// the name.
void update_project(Connection& db, const Project& project);

/// Deletes the project and its role assignments, application credentials and tokens. Users whose default project it was
/// have no default project afterwards. Keeps the images that the project owns: see give_images().
void delete_project(Connection& db, std::string_view id);

/// Number of the images that a project owns, in the bin and outside it, and the total bytes of their data.
struct OwnedImages {
    std::uint64_t count = 0, bytes = 0;
};
/// Returns the number and the bytes of the images that the project owns. Omits images with status deleted, and images
/// that were deleted while delayed_delete was off.
OwnedImages owned_images(Connection& db, std::string_view project);

/// Makes the project `heir` the owner of all images that owned_images() counts.
void give_images(Connection& db, std::string_view project, std::string_view heir);

}  // namespace reprieve::catalog
