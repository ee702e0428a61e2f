#pragma once

#include <string_view>

#include "identity/token_validator.hpp"

namespace reprieve::identity {

/// The facts in the body of Keystone's answer to a validation or a sign-in: {"token": {…}} of Identity API v3.
///
/// A token for a domain, for the whole system, or for nothing has no project, and so no roles here: a role in another
/// scope says nothing about images, which belong to projects. Throws unavailable for what is not such a body.
TokenFacts parse_keystone_token(std::string_view body);

}  // namespace reprieve::identity
