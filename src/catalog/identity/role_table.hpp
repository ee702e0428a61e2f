#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Table of role assignments: a user has a role in a project. All functions run inside Catalog::read or write.

struct Assignment {
    std::string user, project, role;  ///< ids; a role's id is its name

    bool operator==(const Assignment&) const = default;
};

/// Stores an assignment. Idempotent. Requires: user, project and role exist.
void insert_assignment(Connection& db, const Assignment& assignment);

/// Deletes an assignment. Returns false if there was none.
bool delete_assignment(Connection& db, const Assignment& assignment);

/// Returns the assignments of `user` and `project`, in the order of user, project and role. A nullopt stands for all
/// users (projects).
std::vector<Assignment> list_assignments(Connection& db, const std::optional<std::string>& user,
                                         const std::optional<std::string>& project);

/// Returns the names of the roles of a user in a project, with the roles that these include (image/role.hpp).
std::vector<std::string> roles_of(Connection& db, std::string_view user, std::string_view project);

/// Tells whether an enabled user has the role admin in an enabled project.
bool has_admin(Connection& db);

/// Returns the id of the admin who needs a first sign-in: the oldest enabled user with the role admin in an enabled
/// project. Returns nullopt if there is no such user, or if any such user has a password.
std::optional<std::string> admin_to_be_signed_in(Connection& db);

}  // namespace reprieve::catalog
