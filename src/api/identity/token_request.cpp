#include "api/identity/token_request.hpp"

#include "api/identity/directory_json.hpp"
#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace reprieve::api {
namespace {

using identity::SignInRequest;

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorKind::unauthenticated, message); }

/// Returns the id or the name in `object`. Prefers the id if both are given, as Keystone does.
SignInRequest::Key key_of(const JsonObject& object) {
    SignInRequest::Key key{object.text("id"), {}};
    if (key.id) return key;
    key.name = object.required_text("name");
    require_own_domain(object);
    return key;
}

SignInRequest::Credential credential_of(const JsonObject& method) {
    SignInRequest::Credential credential{{method.text("id"), {}}, {}, method.required_text("secret")};
    if (credential.credential.id) return credential;
    credential.credential.name = method.required_text("name");
    credential.user = key_of(method.required_object("user"));
    return credential;
}

void read_scope(const JsonObject& auth, SignInRequest& request) {
    if (auth.is("scope", "unscoped")) {
        request.is_unscoped = true;
        return;
    }
    const auto scope = auth.object("scope");
    if (!scope) return;
    if (scope->has("domain") || scope->has("system") || scope->has("OS-TRUST:trust"))
        refuse("a token here is for a project, not for a domain, the system or a trust: name a project");
    if (const auto project = scope->object("project")) request.project = key_of(*project);
    request.is_unscoped = !request.project;
}

}  // namespace

void require_own_domain(const JsonObject& object) {
    const auto domain = object.object("domain");
    if (!domain) return;
    const auto id = domain->text("id");
    const auto named = id ? id : domain->text("name");
    if (named && !equals_ignoring_case(*named, domain_id))
        refuse("there is one domain here, 'default': leave the domain out, or name this one");
}

void require_own_domain_id(const JsonObject& object) {
    const auto id = object.text("domain_id");
    if (id && *id != domain_id)
        throw Error(ErrorKind::bad_request,
                    "there is one domain here, 'default': leave domain_id out, or name this one");
}

SignInRequest parse_token_request(const JsonObject& auth) {
    const JsonObject identity = auth.required_object("identity");
    const auto methods = identity.texts("methods");
    if (methods.size() != 1) throw Error(ErrorKind::bad_request, "'auth.identity.methods' must name one method");
    SignInRequest request;
    if (methods[0] == "password") {
        const JsonObject user = identity.required_object("password").required_object("user");
        request.password = {key_of(user), user.required_text("password")};
    } else if (methods[0] == "token") {
        request.token = identity.required_object("token").required_text("id");
    } else if (methods[0] == "application_credential") {
        request.application_credential = credential_of(identity.required_object("application_credential"));
    } else {
        refuse("there is no such way to sign in here: use password, token or application_credential");
    }
    read_scope(auth, request);
    return request;
}

}  // namespace reprieve::api
