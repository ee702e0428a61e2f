#include <algorithm>

#include "api/identity/directory_json.hpp"
#include "api/identity/identity_routes.hpp"
#include "api/json_object.hpp"
#include "base/error.hpp"
#include "base/timestamp.hpp"
#include "identity/users/directory.hpp"
#include "image/role.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;
using identity::ApplicationCredential;

void require_may_change(const Caller& caller) {
    if (!caller.may_make_credentials)
        throw Error(ErrorKind::forbidden,
                    "a restricted application credential cannot make or delete others: sign in with the password");
}

/// Returns true if the caller's token has the role, or a higher role that includes it.
bool holds(const Caller& caller, std::string_view role) {
    if (role == "admin") return caller.is_admin;
    if (role == "member") return caller.is_member;
    if (role == "reader") return caller.is_reader;
    return role == "service" && caller.is_service;
}

std::vector<std::string> roles_of(const JsonObject& asked) {
    std::vector<std::string> roles;
    for (const JsonObject& role : asked.objects("roles")) {
        const auto id = role.text("id");
        roles.push_back(id ? *id : role.required_text("name"));
    }
    return roles;
}

/// Returns the credential that the body asks for. Users create credentials for themselves, in the project of their
/// token, with at most the token's roles, so that no user gains rights. An admin can create one for any user and any
/// project, because an admin could also set that user's password.
ApplicationCredential new_credential(const Caller& caller, const JsonObject& asked, const std::string& user,
                                     identity::Directory& directory) {
    ApplicationCredential credential;
    credential.user = user;
    credential.name = asked.required_text("name");
    credential.description = asked.text("description").value_or("");
    credential.is_unrestricted = asked.flag("unrestricted").value_or(false);
    credential.roles = roles_of(asked);
    const auto project = asked.text("project_id");
    if (project && *project != caller.project) require(caller, Action::manage_identity);
    credential.project = project.value_or(caller.project);
    if (credential.project.empty())
        throw Error(ErrorKind::forbidden, "an application credential needs a project: sign in to one first");
    if (caller.is_admin) return credential;
    if (credential.roles.empty()) {
        for (const auto& one : directory.assignments(user, credential.project)) credential.roles.push_back(one.role);
        credential.roles = with_included(std::move(credential.roles));
        std::erase_if(credential.roles, [&](const std::string& role) { return !holds(caller, role); });
    }
    const bool is_more = !std::all_of(credential.roles.begin(), credential.roles.end(),
                                      [&](const std::string& role) { return holds(caller, role); });
    if (is_more || credential.roles.empty())
        throw Error(ErrorKind::forbidden, "an application credential cannot have more roles than your token");
    return credential;
}

void create_credential(Context& context, const Caller& caller, Request& request, Response& response) {
    require_self_or_admin(caller, request.captures[0]);
    require_may_change(caller);
    auto& directory = local_identity(context).directory;
    const JsonObject asked = JsonObject::read(request, "application_credential");
    if (asked.has("access_rules"))
        throw Error(ErrorKind::bad_request, "access rules are not supported: leave them out, and restrict with roles");
    ApplicationCredential credential = new_credential(caller, asked, request.captures[0], directory);
    if (const auto expires_at = asked.text("expires_at")) {
        credential.expires_at = parse_timestamp(*expires_at);
        if (!credential.expires_at)
            throw Error(ErrorKind::bad_request, "'expires_at' must be a time such as 2026-11-23T07:00:00Z");
    }
    const auto made = directory.create_credential(caller, std::move(credential), asked.text("secret"));
    response.status = 201;
    response.set_header("Cache-Control", "no-store");
    answer_one(response, "application_credential", [&](JsonWriter& json) {
        write_credential(json, made.credential, base_url(context, request), made.secret);
    });
}

void list_credentials(Context& context, const Caller& caller, Request& request, Response& response) {
    require_self_or_admin(caller, request.captures[0]);
    auto& directory = local_identity(context).directory;
    directory.user(request.captures[0]);
    const std::string address = base_url(context, request);
    const auto credentials = directory.credentials(request.captures[0], ListFilter(request).name);
    answer_list(response, request, address, "application_credentials", credentials,
                [&](JsonWriter& json, const auto& credential) { write_credential(json, credential, address); });
}

/// Returns the credential that the path names. Throws not_found if the credential is not one of the user in the path.
ApplicationCredential find(Context& context, const Caller& caller, const Request& request) {
    require_self_or_admin(caller, request.captures[0]);
    ApplicationCredential found = local_identity(context).directory.credential(request.captures[1]);
    if (found.user != request.captures[0])
        throw Error(ErrorKind::not_found, "there is no application credential with id " + request.captures[1]);
    return found;
}

void show_credential(Context& context, const Caller& caller, Request& request, Response& response) {
    const ApplicationCredential credential = find(context, caller, request);
    answer_one(response, "application_credential",
               [&](JsonWriter& json) { write_credential(json, credential, base_url(context, request)); });
}

void delete_credential(Context& context, const Caller& caller, Request& request, Response& response) {
    require_may_change(caller);
    local_identity(context).directory.delete_credential(caller, find(context, caller, request).id);
    response.status = 204;
}

}  // namespace

void add_application_credential_routes(http::Router& router, Context& context) {
    constexpr std::string_view all = "/v3/users/{user}/application_credentials";
    constexpr std::string_view one = "/v3/users/{user}/application_credentials/{id}";
    router.add({"GET", all, BodyRule::ignore, for_caller(context, list_credentials)});
    router.add({"POST", all, BodyRule::handler, for_caller(context, create_credential)});
    router.add({"GET", one, BodyRule::ignore, for_caller(context, show_credential)});
    router.add({"DELETE", one, BodyRule::ignore, for_caller(context, delete_credential)});
}

}  // namespace reprieve::api
