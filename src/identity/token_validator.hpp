#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprieve::identity {

/// User, project and roles that a token stands for. Times are microseconds since 1970 UTC.
struct TokenFacts {
    struct Named {
        std::string id, name;
    };
    Named user;
    std::optional<Named> project;        ///< nullopt if the token is for no project
    std::vector<Named> roles;            ///< roles in `project`; empty without a project
    std::vector<std::string> methods;    ///< ways of the sign-in: "password", "token", "application_credential", …
    std::vector<std::string> audit_ids;  ///< public ids: the token's own, then its parent token's
    std::int64_t issued_at = 0;
    std::int64_t expires_at = 0;                        ///< 0: never (the admin without a token)
    std::optional<std::string> application_credential;  ///< id of the credential that was used to sign in
    bool may_make_credentials = true;                   ///< false if a restricted application credential was used
};

/// Interface that checks tokens. One implementation uses our own catalog, the other asks a Keystone. Any thread may
/// call.
class TokenValidator {
public:
    virtual ~TokenValidator() = default;

    /// Returns the user, project and roles that the token stands for. Throws unauthenticated if the token is unknown,
    /// expired or revoked; unavailable if it cannot be checked now. A token that cannot be checked is never accepted.
    virtual TokenFacts validate(std::string_view token) = 0;
};

}  // namespace reprieve::identity
