#pragma once

#include "api/json_object.hpp"
#include "identity/sign_in/sign_in_request.hpp"

namespace reprieve::api {

/// Parses the object "auth" of POST /v3/auth/tokens, as clients of Keystone send it (Identity API v3, "Authentication
/// and token management"): the user, the method of the sign-in, and the project. The domain may be missing, because
/// there is only one. Throws bad_request for a malformed object, and unauthenticated for another domain, an unknown
/// method, or a scope that is not a project.
identity::SignInRequest parse_token_request(const JsonObject& auth);

/// Throws unauthenticated if `object` has a "domain" that is not the only domain of this appliance.
void require_own_domain(const JsonObject& object);

/// Throws bad_request if `object`, a new or changed user or project, has a "domain_id" that is not the id of the only
/// domain of this appliance.
void require_own_domain_id(const JsonObject& object);

}  // namespace reprieve::api
