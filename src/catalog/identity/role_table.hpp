#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Who has which role in which project. All functions run inside Catalog::read or write.

struct Assignment {
    std::string user, project, role;  ///< ids; a role's id is its name

    bool operator==(const Assignment&) const = default;
};

/// Twice is fine. The user, the project and the role must be there.
void insert_assignment(Connection& db, const Assignment& assignment);

/// False where there was none.
bool delete_assignment(Connection& db, const Assignment& assignment);

/// Of one user, of one project, or of both; by user, project and role.
std::vector<Assignment> list_assignments(Connection& db, const std::optional<std::string>& user,
                                         const std::optional<std::string>& project);

/// The names of the roles of a user in a project.
std::vector<std::string> roles_of(Connection& db, std::string_view user, std::string_view project);

/// True while some enabled user has the role admin in an enabled project.
bool has_admin(Connection& db);

/// Of those who have the role admin in an enabled project: an enabled one without a password, the oldest first; nothing
/// where one of them has a password.
std::optional<std::string> admin_to_be_signed_in(Connection& db);

}  // namespace reprieve::catalog
