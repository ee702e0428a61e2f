#include <algorithm>
#include <map>

#include "api/identity/directory_json.hpp"
#include "api/identity/identity_routes.hpp"
#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;
using identity::Assignment;
using identity::role_names;

void answer_roles(Context& context, const Request& request, Response& response, const std::vector<std::string>& roles) {
    const std::string address = base_url(context, request);
    answer_list(response, request, address, "roles", roles,
                [&](JsonWriter& json, const std::string& role) { write_role(json, role, address); });
}

void list_roles(Context& context, const Caller&, Request& request, Response& response) {
    local_identity(context);
    const ListFilter filter(request);
    std::vector<std::string> roles(std::begin(role_names), std::end(role_names));
    std::erase_if(roles, [&](const std::string& role) {
        return filter.is_of_another_domain || (filter.name && !equals_ignoring_case(role, *filter.name));
    });
    answer_roles(context, request, response, roles);
}

void show_role(Context& context, const Caller&, Request& request, Response& response) {
    local_identity(context);
    identity::require_role(request.captures[0]);
    answer_one(response, "role",
               [&](JsonWriter& json) { write_role(json, request.captures[0], base_url(context, request)); });
}

/// Returns the assignment that the path names: /v3/projects/{project}/users/{user}/roles/{role}.
Assignment assignment_of(const Request& request) {
    return {request.captures[1], request.captures[0], request.captures[2]};
}

void grant(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    local_identity(context).directory.assign(caller, assignment_of(request));
    response.status = 204;
}

void check_grant(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    const Assignment asked = assignment_of(request);
    const auto found = local_identity(context).directory.assignments(asked.user, asked.project);
    if (std::none_of(found.begin(), found.end(), [&](const auto& one) { return one.role == asked.role; }))
        throw Error(ErrorKind::not_found, "the user lacks the role '" + asked.role + "' in the project");
    response.status = 204;
}

void revoke_role(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    local_identity(context).directory.unassign(caller, assignment_of(request));
    response.status = 204;
}

void list_grants(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    auto& directory = local_identity(context).directory;
    directory.project(request.captures[0]);
    directory.user(request.captures[1]);
    std::vector<std::string> roles;
    for (const auto& one : directory.assignments(request.captures[1], request.captures[0])) roles.push_back(one.role);
    answer_roles(context, request, response, roles);
}

/// Filter of the list of role assignments, from the query parameters of the request.
struct AssignmentFilter {
    std::optional<std::string> user, project, role;
    bool has_names = false;
    bool is_of_what_there_is_not = false;  ///< asks for groups, domains or the system: no assignment matches

    explicit AssignmentFilter(const Request& request) {
        for (const auto& [name, value] : request.query) {
            if (name == "user.id") user = value;
            if (name == "scope.project.id") project = value;
            if (name == "role.id") role = value;
            if (name == "include_names") has_names = !equals_ignoring_case(value, "false") && value != "0";
            is_of_what_there_is_not = is_of_what_there_is_not || name == "group.id" || name == "scope.domain.id" ||
                                      name == "scope.system" || name == "scope.OS-INHERIT:inherited_to";
        }
    }
};

void list_assignments(Context& context, const Caller& caller, Request& request, Response& response) {
    const AssignmentFilter filter(request);
    require_self_or_admin(caller, filter.user.value_or(""));
    auto& directory = local_identity(context).directory;
    auto found = directory.assignments(filter.user, filter.project);
    std::erase_if(found, [&](const auto& one) {
        return filter.is_of_what_there_is_not || (filter.role && one.role != *filter.role);
    });
    std::map<std::string, std::string> user_names, project_names;
    if (filter.has_names) {
        for (const auto& user : directory.users()) user_names[user.id] = user.name;
        for (const auto& project : directory.projects()) project_names[project.id] = project.name;
    }
    const auto write_thing = [&](JsonWriter& json, const std::string& id,
                                 const std::map<std::string, std::string>& names) {
        json.begin_object().field("id", id);
        if (const auto name = names.find(id); name != names.end()) {
            json.field("name", name->second).key("domain");
            write_domain_name(json);
        }
        json.end_object();
    };
    const std::string address = base_url(context, request);
    answer_list(response, request, address, "role_assignments", found, [&](JsonWriter& json, const Assignment& one) {
        json.begin_object().key("role").begin_object().field("id", one.role);
        if (filter.has_names) json.field("name", one.role);
        json.end_object().key("user");
        write_thing(json, one.user, user_names);
        json.key("scope").begin_object().key("project");
        write_thing(json, one.project, project_names);
        json.end_object().key("links").begin_object();
        json.field("assignment", address + "/v3/projects/" + one.project + "/users/" + one.user + "/roles/" + one.role);
        json.end_object().end_object();
    });
}

}  // namespace

void add_role_routes(http::Router& router, Context& context) {
    constexpr std::string_view grants = "/v3/projects/{project}/users/{user}/roles";
    constexpr std::string_view one_grant = "/v3/projects/{project}/users/{user}/roles/{role}";
    router.add({"GET", "/v3/roles", BodyRule::ignore, for_caller(context, list_roles)});
    router.add({"GET", "/v3/roles/{id}", BodyRule::ignore, for_caller(context, show_role)});
    router.add({"GET", "/v3/role_assignments", BodyRule::ignore, for_caller(context, list_assignments)});
    router.add({"GET", grants, BodyRule::ignore, for_caller(context, list_grants)});
    router.add({"GET", one_grant, BodyRule::ignore, for_caller(context, check_grant)});
    router.add({"PUT", one_grant, BodyRule::ignore, for_caller(context, grant)});
    router.add({"DELETE", one_grant, BodyRule::ignore, for_caller(context, revoke_role)});
}

}  // namespace reprieve::api
