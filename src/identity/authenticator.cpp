#include "identity/authenticator.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace reprieve::identity {
namespace {

bool has_role(const TokenFacts& token, std::string_view name) {
    return std::any_of(token.roles.begin(), token.roles.end(),
                       [&](const TokenFacts::Named& role) { return equals_ignoring_case(role.name, name); });
}

}  // namespace

Caller caller_of(const TokenFacts& token) {
    Caller caller;
    caller.user = token.user.id;
    caller.user_name = token.user.name;
    caller.project = token.project ? token.project->id : "";
    caller.is_admin = has_role(token, "admin");
    caller.is_member = caller.is_admin || has_role(token, "member");
    caller.is_reader = caller.is_member || has_role(token, "reader");
    caller.is_service = has_role(token, "service");
    caller.may_make_credentials = token.may_make_credentials;
    return caller;
}

TokenFacts Authenticator::facts_of(const Credentials& credentials) const {
    if (lets_everything(credentials)) {
        const Caller admin;
        TokenFacts facts;
        facts.user = {admin.user, admin.user_name};
        facts.project = {admin.project, admin.project};
        facts.roles = {{"admin", "admin"}};
        return facts;
    }
    const std::string_view token = credentials.token.empty() ? credentials.session : credentials.token;
    if (token.empty())
        throw Error(ErrorKind::unauthenticated, "sign in first: the request has neither X-Auth-Token nor a session");
    return validator_->validate(token);
}

Caller Authenticator::authenticate(const Credentials& credentials) const {
    if (lets_everything(credentials)) return {};
    Caller caller = caller_of(facts_of(credentials));
    if (!credentials.service_token.empty()) {
        const TokenFacts service = validator_->validate(credentials.service_token);
        caller.is_service = caller.is_service || has_role(service, "service") || has_role(service, "admin");
    }
    return caller;
}

}  // namespace reprieve::identity
