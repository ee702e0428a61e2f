#pragma once

#include "api/identity/json_object.hpp"
#include "identity/sign_in/sign_in_request.hpp"

namespace reprieve::api {

/// Who asks for a token, how he signs in, and what for: the object "auth" of POST /v3/auth/tokens, as clients of
/// Keystone send it (Identity API v3, "Authentication and token management"). A domain may be left out; there is only
/// the one. Throws bad_request for what makes no sense, and unauthenticated for another domain, a method that there is
/// not, and a token for anything but a project.
identity::SignInRequest parse_token_request(const JsonObject& auth);

/// Throws unauthenticated where `object` has a "domain" that is not the one that there is.
void require_own_domain(const JsonObject& object);

/// Throws bad_request where `object`, a new or changed user or project, has a "domain_id" that is not the one's.
void require_own_domain_id(const JsonObject& object);

}  // namespace reprieve::api
