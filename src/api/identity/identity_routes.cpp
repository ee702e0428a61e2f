#include "api/identity/identity_routes.hpp"

#include "api/identity/directory_json.hpp"
#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "identity/keystone/keystone_sign_in.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

/// Answers with the version document, which clients of Keystone read before they sign in.
void show_version(Context& context, Request& request, Response& response) {
    local_identity(context);
    JsonWriter json;
    json.begin_object().key("version").begin_object();
    json.field("id", "v3.14").field("status", "stable").field("updated", "2020-04-07T00:00:00Z");
    json.key("links").begin_array().begin_object().field("rel", "self");
    json.field("href", base_url(context, request) + "/v3/").end_object().end_array();
    json.key("media-types").begin_array().begin_object();
    json.field("base", "application/json").field("type", "application/vnd.openstack.identity-v3+json");
    response.body = json.end_object().end_array().end_object().end_object().take();
}

}  // namespace

const LocalIdentity& local_identity(const Context& context) {
    if (context.identity != nullptr) return *context.identity;
    throw Error(
        ErrorKind::not_found,
        "the users of this appliance are in a Keystone: sign in there, with OS_AUTH_URL=" + context.keystone->url());
}

void require_self_or_admin(const Caller& caller, std::string_view user) {
    if (caller.user != user) require(caller, Action::manage_identity);
}

void answer_one(Response& response, std::string_view name, const std::function<void(JsonWriter&)>& write) {
    JsonWriter json;
    json.begin_object().key(name);
    write(json);
    response.body = json.end_object().take();
}

ListFilter::ListFilter(const Request& request) {
    if (const auto value = request.parameter("name")) name = std::string(*value);
    if (const auto value = request.parameter("domain_id")) is_of_another_domain = *value != domain_id;
    const auto value = request.parameter("enabled");
    if (!value) return;
    is_enabled = equals_ignoring_case(*value, "true") || *value == "1";
    if (!*is_enabled && !equals_ignoring_case(*value, "false") && *value != "0")
        throw Error(ErrorKind::bad_request, "the parameter 'enabled' must be true or false");
}

void add_identity_routes(http::Router& router, Context& context) {
    for (const char* path : {"/v3", "/v3/"})
        router.add({"GET", path, BodyRule::ignore, for_everyone(context, show_version)});
    add_token_routes(router, context);
    add_user_routes(router, context);
    add_project_routes(router, context);
    add_role_routes(router, context);
    add_domain_routes(router, context);
    add_application_credential_routes(router, context);
}

}  // namespace reprieve::api
