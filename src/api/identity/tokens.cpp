#include "api/identity/directory_json.hpp"
#include "api/identity/identity_routes.hpp"
#include "api/identity/token_json.hpp"
#include "api/identity/token_request.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "identity/authenticator.hpp"
#include "identity/local_tokens.hpp"
#include "identity/sign_in/sign_in.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;
using identity::TokenFacts;

/// Returns the facts of a token if auth.mode is "none". In that mode everybody is the admin of the project "default",
/// with any token or none. The token is for clients that always sign in first.
TokenFacts facts_without_sign_in(const Clock& clock) {
    constexpr std::int64_t a_day = 86'400 * us_per_second;
    const Caller everyone;
    TokenFacts facts;
    facts.user = {everyone.user, everyone.user_name};
    facts.project = {everyone.project, everyone.project};
    for (const char* role : {"admin", "member", "reader"}) facts.roles.push_back({role, role});
    facts.methods = {"password"};
    facts.issued_at = clock.now_us();
    facts.expires_at = facts.issued_at + a_day;
    return facts;
}

void answer_token(Context& context, const Request& request, Response& response, const std::string& token,
                  const TokenFacts& facts) {
    response.set_header("X-Subject-Token", token);
    response.set_header("Vary", "X-Auth-Token");
    response.set_header("Cache-Control", "no-store");
    response.body = token_document(facts, base_url(context, request), !request.parameter("nocatalog"));
}

void sign_in(Context& context, Request& request, Response& response) {
    const LocalIdentity& identity = local_identity(context);
    auto asked = parse_token_request(JsonObject::read(request, "auth"));
    asked.address = request.peer;
    asked.request = request.id;
    response.status = 201;
    if (!context.authenticator.is_needed()) {
        answer_token(context, request, response, "no-sign-in-needed", facts_without_sign_in(context.clock));
        return;
    }
    const auto issued = identity.sign_in.sign_in(asked);
    answer_token(context, request, response, issued.token, issued.facts);
}

/// The token that a request is about (X-Subject-Token), and its facts.
struct Subject {
    std::string token;
    TokenFacts facts;
};
/// Returns the token that the request is about. Callers may ask about their own tokens; admins and services about all.
Subject subject_of(Context& context, const Caller& caller, const Request& request) {
    Subject subject{std::string(request.header("x-subject-token")), {}};
    if (subject.token.empty()) throw Error(ErrorKind::bad_request, "send the token in the header X-Subject-Token");
    const LocalIdentity& identity = local_identity(context);
    if (!context.authenticator.is_needed()) {
        subject.facts = facts_without_sign_in(context.clock);
        return subject;
    }
    try {
        subject.facts = identity.tokens.validate(subject.token);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unauthenticated) throw;
        throw Error(ErrorKind::not_found, "the token in X-Subject-Token is unknown, expired or revoked");
    }
    if (subject.facts.user.id != caller.user && !caller.is_service) require(caller, Action::manage_identity);
    return subject;
}

void show_token(Context& context, const Caller& caller, Request& request, Response& response) {
    const Subject subject = subject_of(context, caller, request);
    answer_token(context, request, response, subject.token, subject.facts);
}

void revoke_token(Context& context, const Caller& caller, Request& request, Response& response) {
    const Subject subject = subject_of(context, caller, request);
    // A service may see the tokens of others, but not revoke them.
    require_self_or_admin(caller, subject.facts.user.id);
    if (context.authenticator.is_needed()) local_identity(context).tokens.revoke(subject.token, caller);
    response.status = 204;
}

void show_catalog(Context& context, const Caller&, Request& request, Response& response) {
    local_identity(context);
    const std::string address = base_url(context, request);
    JsonWriter json;
    json.begin_object().key("catalog");
    write_catalog(json, address);
    json.key("links").begin_object().field("self", address + request.path).end_object();
    response.body = json.end_object().take();
}

/// Lists the projects for which the caller can get a token.
void list_own_projects(Context& context, const Caller& caller, Request& request, Response& response) {
    const LocalIdentity& identity = local_identity(context);
    const std::string address = base_url(context, request);
    const auto projects =
        context.authenticator.is_needed() ? identity.sign_in.projects_of(caller.user) : identity.directory.projects();
    answer_list(response, request, address, "projects", projects,
                [&](JsonWriter& json, const auto& project) { write_project(json, project, address); });
}

/// Answers with an empty list: this appliance has no tokens for domains.
void list_own_domains(Context& context, const Caller&, Request& request, Response& response) {
    local_identity(context);
    answer_list(response, request, base_url(context, request), "domains", std::vector<int>(), [](auto&, int) {});
}

}  // namespace

void add_token_routes(http::Router& router, Context& context) {
    router.add({"POST", "/v3/auth/tokens", BodyRule::handler, for_everyone(context, sign_in)});
    router.add({"GET", "/v3/auth/tokens", BodyRule::ignore, for_caller(context, show_token)});
    router.add({"DELETE", "/v3/auth/tokens", BodyRule::ignore, for_caller(context, revoke_token)});
    router.add({"GET", "/v3/auth/catalog", BodyRule::ignore, for_caller(context, show_catalog)});
    router.add({"GET", "/v3/auth/projects", BodyRule::ignore, for_caller(context, list_own_projects)});
    router.add({"GET", "/v3/auth/domains", BodyRule::ignore, for_caller(context, list_own_domains)});
}

}  // namespace reprieve::api
