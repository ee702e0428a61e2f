#pragma once

#include <string>

#include "api/json_writer.hpp"
#include "identity/token_validator.hpp"

namespace reprieve::api {

/// {"token": {…}} as Keystone answers it: who, in which project, with which roles, how he signed in and until when, and
/// `with_catalog` where the services are.
std::string token_document(const identity::TokenFacts& token, const std::string& address, bool with_catalog);

/// The services at `address`, a list: the images and the identities, each with its public, internal and admin endpoint,
/// which are one.
void write_catalog(JsonWriter& json, const std::string& address);

}  // namespace reprieve::api
