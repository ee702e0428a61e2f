#include "cli/directory_calls.hpp"

#include "base/error.hpp"
#include "base/percent_encoding.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

json find(AdminConnection& appliance, const std::string& kind, const std::string& text) {
    if (text.empty()) throw Error(ErrorKind::bad_request, "the name of a " + kind + " is empty: give a name or an id");
    const std::string all = "/v3/" + kind + "s";
    const json named = appliance.request("GET", all + "?name=" + percent_encode(text)).body.at(kind + "s");
    if (!named.empty()) return named.front();
    try {
        return appliance.request("GET", all + "/" + percent_encode(text)).body.at(kind);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        throw Error(ErrorKind::not_found,
                    "there is no " + kind + " '" + text + "': 'reprieve " + kind + " list' shows the existing ones");
    }
}

std::string grant_path(const std::string& user_id, const std::string& project_id, const std::string& role) {
    return "/v3/projects/" + percent_encode(project_id) + "/users/" + percent_encode(user_id) + "/roles/" + role;
}

}  // namespace

json all_users(AdminConnection& appliance) { return appliance.request("GET", "/v3/users").body.at("users"); }

json all_projects(AdminConnection& appliance) { return appliance.request("GET", "/v3/projects").body.at("projects"); }

json find_user(AdminConnection& appliance, const std::string& user) { return find(appliance, "user", user); }

json find_project(AdminConnection& appliance, const std::string& project) {
    return find(appliance, "project", project);
}

json role_assignments(AdminConnection& appliance, const std::string& filter) {
    return appliance.request("GET", "/v3/role_assignments?include_names=true" + filter).body.at("role_assignments");
}

void grant_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                const std::string& role) {
    appliance.request("PUT", grant_path(user_id, project_id, role));
}

void revoke_role(AdminConnection& appliance, const std::string& user_id, const std::string& project_id,
                 const std::string& role) {
    appliance.request("DELETE", grant_path(user_id, project_id, role));
}

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

}  // namespace reprieve::cli
