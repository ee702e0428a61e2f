#include <iostream>
#include <map>

#include "base/error.hpp"
#include "base/percent_encoding.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/directory_calls.hpp"
#include "cli/password_prompt.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

/// Returns the roles of each user. The key is the id of the user; the value is a text such as "lab: member, reader;
/// default: admin". `filter` is that of role_assignments().
std::map<std::string, std::string> roles_by_user(AdminConnection& appliance, const std::string& filter) {
    std::map<std::string, std::map<std::string, std::string>> found;
    for (const json& one : role_assignments(appliance, filter)) {
        std::string& roles = found[text_of(one.at("user"), "id")][text_of(one.at("scope").at("project"), "name")];
        roles += (roles.empty() ? "" : ", ") + text_of(one.at("role"), "id");
    }
    std::map<std::string, std::string> texts;
    for (const auto& [user, projects] : found) {
        std::string& text = texts[user];
        for (const auto& [project, roles] : projects) {
            if (!text.empty()) text += "; ";
            text.append(project).append(": ").append(roles);
        }
    }
    return texts;
}

std::string path_of_user(const json& user) { return "/v3/users/" + percent_encode(text_of(user, "id")); }

void report_user(const Options& options, const json& user, const std::string& done) {
    if (options.json)
        std::cout << user.dump(2) << '\n';
    else
        std::cout << done << ' ' << printable(text_of(user, "name")) << " (" << text_of(user, "id") << ")\n";
}

}  // namespace

int user_create(const Options& options, const UserOptions& asked) {
    AdminConnection appliance(options);
    // Look up the project first, so that a mistyped project does not leave a new user without a role.
    const std::string project = text_of(find_project(appliance, asked.project.value_or("default")), "id");
    const std::string password = read_new_password(asked.name, asked.password_from_stdin);
    json fields{{"name", asked.name}, {"password", password}, {"default_project_id", project}};
    if (asked.description) fields["description"] = *asked.description;
    const json user = appliance.request("POST", "/v3/users", json{{"user", fields}}.dump()).body.at("user");
    grant_role(appliance, text_of(user, "id"), project, asked.role.value_or("member"));
    report_user(options, user, "created");
    return 0;
}

int user_list(const Options& options) {
    AdminConnection appliance(options);
    const json users = all_users(appliance);
    if (options.json) {
        std::cout << json{{"users", users}}.dump(2) << '\n';
        return 0;
    }
    auto roles = roles_by_user(appliance, "");
    std::vector<std::vector<std::string>> rows;
    for (const json& user : users)
        rows.push_back({text_of(user, "id"), text_of(user, "name"), user.at("enabled") ? "yes" : "no",
                        roles[text_of(user, "id")]});
    print_table({"ID", "NAME", "ENABLED", "ROLES"}, rows);
    return 0;
}

int user_show(const Options& options, const std::string& name) {
    AdminConnection appliance(options);
    json user = find_user(appliance, name);
    const std::string id = text_of(user, "id");
    if (options.json) {
        user["role_assignments"] = role_assignments(appliance, "&user.id=" + percent_encode(id));
        std::cout << user.dump(2) << '\n';
        return 0;
    }
    print_table({"FIELD", "VALUE"}, {{"id", id},
                                     {"name", text_of(user, "name")},
                                     {"description", text_of(user, "description")},
                                     {"enabled", user.at("enabled") ? "yes" : "no"},
                                     {"default project", text_of(user, "default_project_id")},
                                     {"roles", roles_by_user(appliance, "&user.id=" + percent_encode(id))[id]}});
    return 0;
}

int user_set(const Options& options, const UserOptions& asked) {
    json fields = json::object();
    if (asked.new_name) fields["name"] = *asked.new_name;
    if (asked.description) fields["description"] = *asked.description;
    if (asked.enabled) fields["enabled"] = *asked.enabled;
    if (fields.empty() && !asked.project && !asked.ask_password && !asked.password_from_stdin)
        throw Error(ErrorKind::bad_request, "say what to change: see 'reprieve user set --help'");
    AdminConnection appliance(options);
    const json user = find_user(appliance, asked.name);
    if (asked.project) fields["default_project_id"] = text_of(find_project(appliance, *asked.project), "id");
    if (asked.ask_password || asked.password_from_stdin)
        fields["password"] = read_new_password(text_of(user, "name"), asked.password_from_stdin);
    report_user(options, appliance.request("PATCH", path_of_user(user), json{{"user", fields}}.dump()).body.at("user"),
                "changed");
    return 0;
}

int user_delete(const Options& options, const std::string& name) {
    AdminConnection appliance(options);
    const json user = find_user(appliance, name);
    if (!may_go_on(options, "Delete the user '" + printable(text_of(user, "name")) +
                                "' with its application credentials and everything that is signed in as it?"))
        return 1;
    appliance.request("DELETE", path_of_user(user));
    report_user(options, user, "deleted");
    return 0;
}

int user_role(const Options& options, const UserOptions& asked, bool add) {
    AdminConnection appliance(options);
    const json user = find_user(appliance, asked.name);
    const json project = find_project(appliance, asked.project.value_or("default"));
    const std::string role = asked.role.value_or("member");
    (add ? grant_role : revoke_role)(appliance, text_of(user, "id"), text_of(project, "id"), role);
    if (options.json)
        std::cout << json{{"user", text_of(user, "id")}, {"project", text_of(project, "id")}, {"role", role}}.dump(2)
                  << '\n';
    else
        std::cout << printable(text_of(user, "name")) << (add ? " is now " : " is no longer ") << role << " in "
                  << printable(text_of(project, "name")) << '\n';
    return 0;
}

}  // namespace reprieve::cli
