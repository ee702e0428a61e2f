#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "catalog/identity/user_table.hpp"
#include "identity/sign_in/sign_in_request.hpp"
#include "identity/token_validator.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::identity {

/// The user that `key` names; nothing where there is none.
std::optional<catalog::User> find_user(catalog::Connection& db, const SignInRequest::Key& key);

/// Fills in the project and the roles of `facts`, for its user: those that `request` asks for, else those of `usual`
/// (the id of a project) where it is given, else the user's default project, else its only one, else none. Throws
/// unauthenticated where the user has no role in what is asked for.
void choose_scope(catalog::Connection& db, const SignInRequest& request, const std::optional<std::string>& usual,
                  TokenFacts& facts);

/// The enabled projects in which the user has a role, by name.
std::vector<Project> projects_with_role(catalog::Connection& db, std::string_view user);

}  // namespace reprieve::identity
