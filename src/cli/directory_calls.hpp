#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/admin_connection.hpp"

namespace reprieve::cli {

// Calls of the appliance's Identity API for the commands about users, projects and tokens. They throw as
// AdminConnection::request() does.

/// Returns all users, or projects, as an array.
nlohmann::json all_users(AdminConnection& appliance);
nlohmann::json all_projects(AdminConnection& appliance);

/// Returns the user, or project, with this name; if there is none, the one with this id. Throws not_found, and
/// bad_request for an empty text, which comes from an unset variable of a script.
nlohmann::json find_user(AdminConnection& appliance, const std::string& user);
nlohmann::json find_project(AdminConnection& appliance, const std::string& project);

/// Returns the role assignments, with names. `filter` is added to the query, such as "&user.id=…"; empty: all.
nlohmann::json role_assignments(AdminConnection& appliance, const std::string& filter = {});

/// Gives the user a role in the project; revoke_role() takes it away.
void grant_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                const std::string& role);
void revoke_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                 const std::string& role);

/// Returns the text under `key`; empty if there is none.
std::string text_of(const nlohmann::json& object, const char* key);

}  // namespace reprieve::cli
