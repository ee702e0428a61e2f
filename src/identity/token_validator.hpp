#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprieve::identity {

/// What stands behind a token. Times are microseconds since 1970 UTC.
struct TokenFacts {
    struct Named {
        std::string id, name;
    };
    Named user;
    std::optional<Named> project;        ///< nothing where the token is for no project
    std::vector<Named> roles;            ///< in that project; empty without one
    std::vector<std::string> methods;    ///< "password", "token", "application_credential"
    std::vector<std::string> audit_ids;  ///< public names of the token and of the one it came from
    std::int64_t issued_at = 0;
    std::int64_t expires_at = 0;
    std::optional<std::string> application_credential;  ///< id of the one that was used
    bool may_make_credentials = true;                   ///< false for an application credential that is restricted
};

/// Tells who stands behind a token: our own catalog, or a Keystone. Any thread may call.
class TokenValidator {
public:
    virtual ~TokenValidator() = default;

    /// Throws unauthenticated for a token that is unknown, expired or revoked, and unavailable where that cannot be
    /// told now: never lets in whom it cannot check.
    virtual TokenFacts validate(std::string_view token) = 0;
};

}  // namespace reprieve::identity
