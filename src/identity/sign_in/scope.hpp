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

/// Returns the user with the id or the name in `key`; nullopt if there is none.
std::optional<catalog::User> find_user(catalog::Connection& db, const SignInRequest::Key& key);

/// Chooses the project of a sign-in for the user in `facts`, and sets the project and the roles of `facts`. Takes the
/// first of these projects that exists, is enabled and gives the user a role: the one that `request` asks for, `usual`
/// (a project's id), the user's default project, the user's only project. If there is none, or if `request` wants no
/// project, `facts` gets no project and no roles. If `request` asks for a project in which the user cannot work (it is
/// missing or disabled, or gives no role), throws unauthenticated.
void choose_scope(catalog::Connection& db, const SignInRequest& request, const std::optional<std::string>& usual,
                  TokenFacts& facts);

/// Returns the enabled projects in which the user (an id) has a role, sorted by name.
std::vector<Project> projects_with_role(catalog::Connection& db, std::string_view user);

}  // namespace reprieve::identity
