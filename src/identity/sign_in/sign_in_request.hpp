#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace reprieve::identity {

/// Request to sign in. Requires: exactly one of the methods `password`, `token`, `application_credential` and
/// `one_time` is set.
struct SignInRequest {
    /// Reference to a user, project or credential, by id or by name. If both are set, the id counts. There is only one
    /// domain, so a name needs none.
    struct Key {
        std::optional<std::string> id, name;
    };
    struct Password {
        Key user;
        std::string password;
    };
    struct Credential {
        Key credential;
        Key user;  ///< owner of the credential; needed if `credential` is a name
        std::string secret;
    };
    std::optional<Password> password;
    std::optional<std::string> token;  ///< valid token to exchange for a new one
    std::optional<Credential> application_credential;
    std::optional<std::string> one_time;  ///< secret of the first start (users/first_sign_in.hpp)

    std::optional<Key> project;               ///< wanted project; nullopt: the user's default project, or its only one
    bool is_unscoped = false;                 ///< true: a token for no project is wanted
    std::optional<std::int64_t> lifetime_us;  ///< new token's lifetime; nullopt: default. Ignored if `token` is set
    std::string address;                      ///< IP address of the client
    std::string request;                      ///< id of the HTTP request, for the audit trail
};

}  // namespace reprieve::identity
