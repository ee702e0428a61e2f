#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace reprieve::identity {

/// One sign-in. Requires: exactly one of the methods `password`, `token`, `application_credential` and `one_time` is
/// set.
struct SignInRequest {
    /// Reference by id or by name. A name is looked up in the only domain; if both are set, the id counts.
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

    std::optional<Key> project;               ///< wanted scope; nullopt: the user's default project, or its only one
    bool is_unscoped = false;                 ///< true: a token for no project is wanted
    std::optional<std::int64_t> lifetime_us;  ///< of the new token; nullopt: default. Ignored with `token`
    std::string address;                      ///< IP address of the client
    std::string request;                      ///< id of the HTTP request, for the audit trail
};

}  // namespace reprieve::identity
