#pragma once

#include <string_view>

#include "identity/token_validator.hpp"

namespace reprieve::identity {

/// Parses the body of Keystone's answer to a validation or a sign-in: {"token": {…}} of Identity API v3. Throws
/// unavailable if `body` is not such a document.
///
/// A token for a domain, for the whole system or without a scope gets no project and no roles. Images belong to
/// projects, so a role in another scope gives no rights to images.
TokenFacts parse_keystone_token(std::string_view body);

}  // namespace reprieve::identity
