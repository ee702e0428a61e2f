#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

constexpr std::size_t max_body_bytes = 16 << 10;

bool is_secure(const Context& context, const Request& request) {
    return base_url(context, request).starts_with("https://");
}

/// Returns the users of this appliance. Throws conflict if nobody needs to sign in, or if Keystone keeps the users.
const LocalIdentity& local_identity(const Context& context) {
    if (!context.authenticator.is_needed())
        throw Error(ErrorKind::conflict, "there is no sign-in here: auth.mode is none, and everybody is the admin");
    if (context.identity == nullptr)
        throw Error(ErrorKind::conflict, "the users of this appliance are in Keystone: change the password there");
    return *context.identity;
}

/// Returns the members of the JSON object in the body. Throws bad_request if one is not a text or not in `known`; the
/// message then says what was `expected`.
std::map<std::string, std::string> read_texts(Request& request, const std::vector<std::string>& known,
                                              const std::string& expected) {
    const auto document = nlohmann::json::parse(http::read_body(request, max_body_bytes), nullptr, false);
    std::map<std::string, std::string> texts;
    bool is_fine = document.is_object();
    for (const auto& [key, value] : document.items()) {
        is_fine = is_fine && value.is_string() && std::find(known.begin(), known.end(), key) != known.end();
        if (is_fine) texts.emplace(key, value.get<std::string>());
    }
    // The message must not repeat the body, which may hold a password.
    if (!is_fine) throw Error(ErrorKind::bad_request, "the body must be " + expected);
    return texts;
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
    const std::string expected = R"({"name": …, "password": …, "project": …}, and optionally "domain", a name)";
    auto texts = read_texts(request, {"name", "password", "project", "domain"}, expected);
    if (!texts.contains("name") || !texts.contains("password"))
        throw Error(ErrorKind::bad_request, "the body must be " + expected);
    const std::string domain = texts.contains("domain") ? texts["domain"] : "Default";
    const auto made = context.keystone->sign_in({.user = texts["name"],
                                                 .user_domain = domain,
                                                 .password = texts["password"],
                                                 .project = texts["project"],
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
    const std::string expected =
        R"({"name": …, "password": …}, and optionally "project", the name of one, or {"one_time": …})";
    auto texts = read_texts(request, {"name", "password", "project", "one_time"}, expected);
    identity::SignInRequest asked;
    asked.address = request.peer;
    asked.request = request.id;
    asked.lifetime_us = context.config.auth.session_lifetime_us;
    if (texts.contains("one_time") && texts.size() == 1)
        asked.one_time = texts["one_time"];
    else if (texts.contains("name") && texts.contains("password") && !texts.contains("one_time"))
        asked.password = identity::SignInRequest::Password{{std::nullopt, texts["name"]}, texts["password"]};
    else
        throw Error(ErrorKind::bad_request, "the body must be " + expected);
    if (texts.contains("project")) asked.project = {std::nullopt, texts["project"]};
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
    auto texts = read_texts(request, {"old", "new"}, R"({"old": …, "new": …})");
    const bool has_come_once = std::find(facts.methods.begin(), facts.methods.end(), "one_time") != facts.methods.end();
    if (!texts.contains("new")) throw Error(ErrorKind::bad_request, "the member 'new' is missing");
    if (texts.contains("old"))
        local.sign_in.change_password(caller, texts["old"], texts["new"]);
    else if (has_come_once && !local.directory.user(caller.user).has_password)
        local.directory.update_user(caller, caller.user, {.password = texts["new"]});
    else
        throw Error(ErrorKind::bad_request, "the member 'old', the current password, is missing");
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
