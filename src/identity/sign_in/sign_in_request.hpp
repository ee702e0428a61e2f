#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace reprieve::identity {

/// Who signs in, and how. Exactly one of the methods is set.
struct SignInRequest {
    /// By id, or by name (in the one domain).
    struct Key {
        std::optional<std::string> id, name;
    };
    struct Password {
        Key user;
        std::string password;
    };
    struct Credential {
        Key credential;
        Key user;  ///< where the credential is named by name
        std::string secret;
    };
    std::optional<Password> password;
    std::optional<std::string> token;
    std::optional<Credential> application_credential;
    std::optional<std::string> one_time;  ///< the secret of the first start: for the admin, once

    std::optional<Key> project;  ///< the scope that is asked for
    bool is_unscoped = false;    ///< none is wanted; else the user's default project, or its only one, is taken
    std::optional<std::int64_t> lifetime_us;  ///< of the new token, where it is not the usual one
    std::string address;                      ///< of the client
    std::string request;                      ///< id of the request, for the audit trail
};

}  // namespace reprieve::identity
