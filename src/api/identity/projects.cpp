#include <algorithm>

#include "api/identity/directory_json.hpp"
#include "api/identity/identity_routes.hpp"
#include "api/identity/token_request.hpp"
#include "base/error.hpp"
#include "identity/sign_in/sign_in.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void answer_project(Context& context, const Request& request, Response& response, const identity::Project& project) {
    answer_one(response, "project",
               [&](JsonWriter& json) { write_project(json, project, base_url(context, request)); });
}

/// Throws bad_request for fields that this appliance does not support: new domains, projects inside of others, tags.
void require_plain(const JsonObject& project) {
    require_own_domain_id(project);
    if (project.flag("is_domain").value_or(false) ||
        project.text("parent_id").value_or(std::string(domain_id)) != domain_id)
        throw Error(ErrorKind::bad_request, "a project cannot be a domain or be inside another project");
    if (project.has("tags") || project.has("options"))
        throw Error(ErrorKind::bad_request, "projects have no tags and no options here: leave them out");
}

void list_projects(Context& context, const Caller& caller, Request& request, Response& response) {
    // Clients that look up a project by name accept a 403: they then use the name as the id.
    require(caller, Action::manage_identity);
    const ListFilter filter(request);
    auto projects = local_identity(context).directory.projects(filter.name);
    std::erase_if(projects, [&](const auto& project) { return !filter.admits(project.is_enabled); });
    const std::string address = base_url(context, request);
    answer_list(response, request, address, "projects", projects,
                [&](JsonWriter& json, const auto& project) { write_project(json, project, address); });
}

void show_project(Context& context, const Caller& caller, Request& request, Response& response) {
    const LocalIdentity& identity = local_identity(context);
    const std::string& id = request.captures[0];
    if (caller.project != id && !caller.is_admin) {
        // Refuse every other id in the same way, so that callers cannot find out which projects exist.
        const auto own = identity.sign_in.projects_of(caller.user);
        if (std::none_of(own.begin(), own.end(), [&](const auto& project) { return project.id == id; }))
            require(caller, Action::manage_identity);
    }
    answer_project(context, request, response, identity.directory.project(id));
}

void create_project(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    const JsonObject asked = JsonObject::read(request, "project");
    require_plain(asked);
    auto& directory = local_identity(context).directory;
    const auto project =
        directory.create_project(caller, asked.required_text("name"), asked.text("description").value_or(""),
                                 asked.flag("enabled").value_or(true));
    response.status = 201;
    answer_project(context, request, response, project);
}

void update_project(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    const JsonObject asked = JsonObject::read(request, "project");
    require_plain(asked);
    const identity::ProjectChange change{asked.text("name"), asked.text("description"), asked.flag("enabled")};
    answer_project(context, request, response,
                   local_identity(context).directory.update_project(caller, request.captures[0], change));
}

void delete_project(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    std::optional<std::string> heir;
    if (const auto value = request.parameter("heir")) heir = std::string(*value);
    local_identity(context).directory.delete_project(caller, request.captures[0], heir);
    response.status = 204;
}

}  // namespace

void add_project_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v3/projects", BodyRule::ignore, for_caller(context, list_projects)});
    router.add({"POST", "/v3/projects", BodyRule::handler, for_caller(context, create_project)});
    router.add({"GET", "/v3/projects/{id}", BodyRule::ignore, for_caller(context, show_project)});
    router.add({"PATCH", "/v3/projects/{id}", BodyRule::handler, for_caller(context, update_project)});
    router.add({"DELETE", "/v3/projects/{id}", BodyRule::ignore, for_caller(context, delete_project)});
}

}  // namespace reprieve::api
