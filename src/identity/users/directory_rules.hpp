#pragma once

#include <string>
#include <string_view>

#include "catalog/identity/application_credential_table.hpp"
#include "catalog/identity/project_table.hpp"
#include "catalog/identity/user_table.hpp"

namespace reprieve::identity {

// This file has checks that Directory makes inside a transaction (in directory_users.cpp and the files beside it).

/// Returns the project with that id; require_user() returns the user with that id. Throws not_found if there is none.
catalog::Project require_project(catalog::Connection& db, std::string_view id);
catalog::User require_user(catalog::Connection& db, std::string_view id);

/// Throws conflict if no admin is left. Call it after a change, in the same transaction, so that the exception rolls
/// the change back.
void require_some_admin(catalog::Connection& db);

/// Throws in_use, with the number and bytes of the images, if the project owns images. `what_to_do` is the end of the
/// message.
void require_no_images(catalog::Connection& db, const catalog::Project& project, const std::string& what_to_do);

}  // namespace reprieve::identity
