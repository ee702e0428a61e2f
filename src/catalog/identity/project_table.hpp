#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Projects, and what they own. All functions run inside Catalog::read or write. Times are microseconds since 1970 UTC.

struct Project {
    std::string id, name, description;
    bool is_enabled = true;
    std::int64_t created_at = 0;
};

/// The id or the name must not be taken yet.
void insert_project(Connection& db, const Project& project);

std::optional<Project> find_project(Connection& db, std::string_view id);

/// By name; only the one of that name where it is given.
std::vector<Project> list_projects(Connection& db, const std::optional<std::string>& name);

/// Writes all but the id and when it was created.
void update_project(Connection& db, const Project& project);

/// With the assignments, application credentials and tokens for it.
void delete_project(Connection& db, std::string_view id);

/// Images that a project owns, in the bin or not, and the bytes of those that have data.
struct OwnedImages {
    std::uint64_t count = 0, bytes = 0;
};
OwnedImages owned_images(Connection& db, std::string_view project);

/// Makes `heir` the owner of all of them.
void give_images(Connection& db, std::string_view project, std::string_view heir);

}  // namespace reprieve::catalog
