#pragma once

#include <string>

#include "api/json_writer.hpp"
#include "identity/token_validator.hpp"

namespace reprieve::api {

/// Returns {"token": {…}} as Keystone writes it: the user, the project, the roles, the method of the sign-in and the
/// times. If `with_catalog` is set, a token for a project also has the list of services at `address`.
std::string token_document(const identity::TokenFacts& token, const std::string& address, bool with_catalog);

/// Writes the list of the services at `address`: the Image API and the Identity API. The public, internal and admin
/// endpoints of a service are the same URL.
void write_catalog(JsonWriter& json, const std::string& address);

}  // namespace reprieve::api
