#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/admin_connection.hpp"

namespace reprieve::cli {

// What the commands about users, projects and tokens ask the appliance, over its Identity API.

/// All users, or projects.
nlohmann::json all_users(AdminConnection& appliance);
nlohmann::json all_projects(AdminConnection& appliance);

/// The one with this id, or this name. Throws not_found, and bad_request for an empty one, which is what an unset
/// variable of a script leaves.
nlohmann::json find_user(AdminConnection& appliance, const std::string& user);
nlohmann::json find_project(AdminConnection& appliance, const std::string& project);

/// Who has which role where: of a user, of a project, or of all; with names.
nlohmann::json role_assignments(AdminConnection& appliance, const std::string& filter = {});

/// Gives or takes away a role.
void grant_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                const std::string& role);
void revoke_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                 const std::string& role);

/// The text under `key`; empty where there is none.
std::string text_of(const nlohmann::json& object, const char* key);

}  // namespace reprieve::cli
