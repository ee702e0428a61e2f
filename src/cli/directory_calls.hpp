#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/admin_connection.hpp"

namespace reprieve::cli {

// These functions call the appliance's Identity API, for the commands about users, projects and tokens. They throw as
// AdminConnection::request() does.

/// Returns a JSON array of all users, or of all projects.
nlohmann::json all_users(AdminConnection& appliance);
nlohmann::json all_projects(AdminConnection& appliance);

/// Returns the user, or the project, with the given name; if no object has the name, the one with the given id. Throws
/// not_found if there is neither. Throws bad_request if the text is empty, which happens if a script uses an unset
/// variable.
nlohmann::json find_user(AdminConnection& appliance, const std::string& user);
nlohmann::json find_project(AdminConnection& appliance, const std::string& project);

/// Returns a JSON array of role assignments, with the names of user, project and role. `filter` is added to the query
/// of the request, such as "&user.id=…". If `filter` is empty, returns all assignments.
nlohmann::json role_assignments(AdminConnection& appliance, const std::string& filter = {});

/// Gives the user a role in the project. revoke_role() takes such a role away.
void grant_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                const std::string& role);
void revoke_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                 const std::string& role);

/// Returns the text that a JSON object has under `key`; empty if it has no text there.
std::string text_of(const nlohmann::json& object, const char* key);

}  // namespace reprieve::cli
