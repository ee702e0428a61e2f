#include <algorithm>
#include <string>
#include <vector>

#include "api/json_object.hpp"
#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "api/session_cookie.hpp"
#include "base/clock.hpp"
#include "base/timestamp.hpp"
#include "config/auth_mode.hpp"
#include "config/config.hpp"
#include "http/wire/message.hpp"
#include "identity/authenticator.hpp"
#include "identity/keystone/keystone_sign_in.hpp"
#include "identity/local_tokens.hpp"
#include "identity/sign_in/sign_in.hpp"
#include "identity/users/directory.hpp"

// The sign-in of browsers. A browser sends its token in a cookie, other clients send theirs in a header.

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

bool is_secure(const Context& context, const Request& request) {
    return base_url(context, request).starts_with("https://");
}

/// Returns the services that store the users of this appliance and sign them in. Throws conflict if nobody needs to
/// sign in, or if Keystone stores the users.
const LocalIdentity& local_identity(const Context& context) {
    if (!context.authenticator.is_needed())
        throw Error(ErrorKind::conflict, "there is no sign-in here: auth.mode is none, and everybody is the admin");
    if (context.identity == nullptr)
        throw Error(ErrorKind::conflict, "the users of this appliance are in Keystone: change the password there");
    return *context.identity;
}

void write_named(JsonWriter& json, const char* key, const identity::TokenFacts::Named& named) {
    json.key(key).begin_object().field("id", named.id).field("name", named.name).end_object();
}

void write_session(const Context& context, const identity::TokenFacts& facts, Response& response) {
    const bool is_local = context.identity != nullptr && context.authenticator.is_needed();
    JsonWriter json;
    json.begin_object().field("mode", to_string(auth_mode(context.config)));
    write_named(json, "user", facts.user);
    if (facts.project)
        write_named(json, "project", *facts.project);
    else
        json.key("project").null();
    json.key("roles").begin_array();
    for (const auto& role : facts.roles) json.value(role.name);
    json.end_array();
    json.key("expires_at");
    if (facts.expires_at != 0)
        json.value(format_timestamp(facts.expires_at));
    else
        json.null();
    json.field("needs_password", is_local && !context.identity->directory.user(facts.user.id).has_password);
    response.body = json.end_object().take();
}

void begin_at_keystone(Context& context, Request& request, Response& response) {
    const JsonObject body = JsonObject::read_body(request, {"name", "password", "project", "domain"});
    const std::string domain = body.text("domain").value_or("Default");
    const auto made = context.keystone->sign_in({.user = body.required_text("name"),
                                                 .user_domain = domain,
                                                 .password = body.required_text("password"),
                                                 .project = body.text("project").value_or(""),
                                                 .project_domain = domain},
                                                request.peer);
    const std::int64_t left = made.facts.expires_at - context.clock.now_us();
    set_session_cookie(response, made.token, std::min(context.config.auth.session_lifetime_us, left),
                       is_secure(context, request));
    write_session(context, made.facts, response);
}

void begin(Context& context, Request& request, Response& response) {
    if (context.keystone != nullptr) return begin_at_keystone(context, request, response);
    const LocalIdentity& local = local_identity(context);
    const JsonObject body = JsonObject::read_body(request, {"name", "password", "project", "one_time"});
    identity::SignInRequest asked;
    asked.address = request.peer;
    asked.request = request.id;
    asked.lifetime_us = context.config.auth.session_lifetime_us;
    if (body.has("one_time")) {
        if (body.has("name") || body.has("password") || body.has("project"))
            throw Error(ErrorKind::bad_request, "'one_time' must be the only field");
        asked.one_time = body.required_text("one_time");
    } else {
        asked.password = identity::SignInRequest::Password{{std::nullopt, body.required_text("name")},
                                                           body.required_text("password")};
        if (const auto project = body.text("project")) asked.project = {std::nullopt, *project};
    }
    const auto made = local.sign_in.sign_in(asked);
    set_session_cookie(response, made.token, context.config.auth.session_lifetime_us, is_secure(context, request));
    write_session(context, made.facts, response);
}

void show_session(Context& context, const Caller&, Request& request, Response& response) {
    write_session(context, context.authenticator.facts_of(credentials_of(context, request)), response);
}

void end_session(Context& context, const Caller& caller, Request& request, Response& response) {
    const auto credentials = credentials_of(context, request);
    const std::string_view token = credentials.token.empty() ? credentials.session : credentials.token;
    clear_session_cookie(response, is_secure(context, request));
    if (context.authenticator.is_needed() && context.identity != nullptr && !token.empty())
        context.identity->tokens.revoke(token, caller);
    if (context.keystone != nullptr && !token.empty()) context.keystone->end(token);
    response.status = 204;
}

void change_password(Context& context, const Caller& caller, Request& request, Response& response) {
    const LocalIdentity& local = local_identity(context);
    const auto credentials = credentials_of(context, request);
    identity::TokenFacts facts = context.authenticator.facts_of(credentials);
    if (facts.application_credential)
        throw Error(ErrorKind::forbidden, "application credentials cannot change passwords: sign in with a password");
    const JsonObject body = JsonObject::read_body(request, {"old", "new"});
    const std::string new_password = body.required_text("new");
    const bool has_come_once = std::find(facts.methods.begin(), facts.methods.end(), "one_time") != facts.methods.end();
    if (const auto old_password = body.text("old"))
        local.sign_in.change_password(caller, *old_password, new_password);
    else if (has_come_once && !local.directory.user(caller.user).has_password)
        local.directory.update_user(caller, caller.user, {.password = new_password});
    else
        throw Error(ErrorKind::bad_request, "'old', the current password, is missing");
    // The change has revoked all tokens of the user. Issue a new one, so that this session goes on.
    if (credentials.token.empty() && !request.is_admin_socket) {
        facts.audit_ids.clear();
        facts.methods = {"password"};
        const auto made = local.tokens.issue(facts, caller);
        set_session_cookie(response, made.token, facts.expires_at - context.clock.now_us(),
                           is_secure(context, request));
    }
    response.status = 204;
}

}  // namespace

void add_session_routes(http::Router& router, Context& context) {
    router.add({"POST", "/api/session", BodyRule::handler, for_everyone(context, begin)});
    router.add({"GET", "/api/session", BodyRule::none, for_caller(context, show_session)});
    router.add({"DELETE", "/api/session", BodyRule::none, for_caller(context, end_session)});
    router.add({"PUT", "/api/session/password", BodyRule::handler, for_caller(context, change_password)});
}

}  // namespace reprieve::api
