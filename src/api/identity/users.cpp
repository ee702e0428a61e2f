#include "api/identity/directory_json.hpp"
#include "api/identity/identity_routes.hpp"
#include "api/identity/token_request.hpp"
#include "base/error.hpp"
#include "identity/authenticator.hpp"
#include "identity/sign_in/sign_in.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void answer_user(Context& context, const Request& request, Response& response, const identity::User& user) {
    answer_one(response, "user", [&](JsonWriter& json) { write_user(json, user, base_url(context, request)); });
}

/// Throws bad_request if `user` has options, which this appliance would not store, or belongs to another domain.
void require_no_options(const JsonObject& user) {
    if (user.has("options")) throw Error(ErrorKind::bad_request, "users have no options here: leave 'options' out");
    require_own_domain_id(user);
}

void list_users(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    const ListFilter filter(request);
    auto users = local_identity(context).directory.users(filter.name);
    std::erase_if(users, [&](const auto& user) { return !filter.admits(user.is_enabled); });
    const std::string address = base_url(context, request);
    answer_list(response, request, address, "users", users,
                [&](JsonWriter& json, const auto& user) { write_user(json, user, address); });
}

void show_user(Context& context, const Caller& caller, Request& request, Response& response) {
    require_self_or_admin(caller, request.captures[0]);
    answer_user(context, request, response, local_identity(context).directory.user(request.captures[0]));
}

void create_user(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    const JsonObject asked = JsonObject::read(request, "user");
    require_no_options(asked);
    auto& directory = local_identity(context).directory;
    const auto user = directory.create_user(caller, asked.required_text("name"), asked.text("password"),
                                            asked.text("default_project_id"), asked.text("description").value_or(""),
                                            asked.flag("enabled").value_or(true));
    response.status = 201;
    answer_user(context, request, response, user);
}

void update_user(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    const JsonObject asked = JsonObject::read(request, "user");
    require_no_options(asked);
    identity::UserChange change;
    change.name = asked.text("name");
    change.description = asked.text("description");
    change.password = asked.text("password");
    change.default_project = asked.text("default_project_id");
    change.is_enabled = asked.flag("enabled");
    answer_user(context, request, response,
                local_identity(context).directory.update_user(caller, request.captures[0], change));
}

void delete_user(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_identity);
    local_identity(context).directory.delete_user(caller, request.captures[0]);
    response.status = 204;
}

/// Changes the caller's own password; the old one is needed. An admin sets the password of others with PATCH.
void change_password(Context& context, const Caller& caller, Request& request, Response& response) {
    if (caller.user != request.captures[0])
        throw Error(ErrorKind::forbidden, "only the user can do this; an admin sets a password with PATCH");
    if (context.authenticator.facts_of(credentials_of(context, request)).application_credential)
        throw Error(ErrorKind::forbidden, "application credentials cannot change passwords: sign in with a password");
    const JsonObject asked = JsonObject::read(request, "user");
    local_identity(context).sign_in.change_password(caller, asked.required_text("original_password"),
                                                    asked.required_text("password"));
    response.status = 204;
}

void list_projects_of_user(Context& context, const Caller& caller, Request& request, Response& response) {
    require_self_or_admin(caller, request.captures[0]);
    const LocalIdentity& identity = local_identity(context);
    identity.directory.user(request.captures[0]);
    const std::string address = base_url(context, request);
    answer_list(response, request, address, "projects", identity.sign_in.projects_of(request.captures[0]),
                [&](JsonWriter& json, const auto& project) { write_project(json, project, address); });
}

}  // namespace

void add_user_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v3/users", BodyRule::ignore, for_caller(context, list_users)});
    router.add({"POST", "/v3/users", BodyRule::handler, for_caller(context, create_user)});
    router.add({"GET", "/v3/users/{id}", BodyRule::ignore, for_caller(context, show_user)});
    router.add({"PATCH", "/v3/users/{id}", BodyRule::handler, for_caller(context, update_user)});
    router.add({"DELETE", "/v3/users/{id}", BodyRule::ignore, for_caller(context, delete_user)});
    router.add({"POST", "/v3/users/{id}/password", BodyRule::handler, for_caller(context, change_password)});
    router.add({"GET", "/v3/users/{id}/projects", BodyRule::ignore, for_caller(context, list_projects_of_user)});
}

}  // namespace reprieve::api
