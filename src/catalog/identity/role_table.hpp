#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file is the table of role assignments: which user has which role in which project. Call its functions inside
/// Catalog::read or Catalog::write.

struct Assignment {
    std::string user, project, role;  ///< ids; a role's id is its name

    bool operator==(const Assignment&) const = default;
};

/// Gives a user a role in a project. Does nothing if the user has the role already. Requires: the user, the project and
/// the role exist.
void insert_assignment(Connection& db, const Assignment& assignment);

/// Takes a role in a project from a user. Returns false if the user did not have the role.
bool delete_assignment(Connection& db, const Assignment& assignment);

/// Returns the assignments of `user` in `project`, sorted by user, project and role. nullopt stands for all users or
/// all projects.
std::vector<Assignment> list_assignments(Connection& db, const std::optional<std::string>& user,
                                         const std::optional<std::string>& project);

/// Returns the names of the roles that a user has in a project. Includes roles that another role implies, such as
/// reader for a member (image/role.hpp).
std::vector<std::string> roles_of(Connection& db, std::string_view user, std::string_view project);

/// Tells whether an enabled user has the role admin in an enabled project.
bool has_admin(Connection& db);

/// Returns the id of the admin who needs a first sign-in: the oldest enabled user with the role admin in an enabled
/// project. Returns nullopt if there is no such user, or if any such user has a password.
std::optional<std::string> admin_to_be_signed_in(Connection& db);

}  // namespace reprieve::catalog
