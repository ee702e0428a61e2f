#pragma once

#include <string>
#include <string_view>

#include "catalog/identity/application_credential_table.hpp"
#include "catalog/identity/project_table.hpp"
#include "catalog/identity/user_table.hpp"

namespace reprieve::identity {

// What the parts of the directory (directory_users.cpp and the like) ask inside a transaction.

/// These throw not_found.
catalog::Project require_project(catalog::Connection& db, std::string_view id);
catalog::User require_user(catalog::Connection& db, std::string_view id);

/// Throws conflict where a change has left nobody who is an admin; so it undoes the change.
void require_some_admin(catalog::Connection& db);

/// Throws in_use, with how much, where the project owns images. `what_to_do` ends the sentence.
void require_no_images(catalog::Connection& db, const catalog::Project& project, const std::string& what_to_do);

}  // namespace reprieve::identity
