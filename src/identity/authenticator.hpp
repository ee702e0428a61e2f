#pragma once

#include <string>
#include <string_view>

#include "identity/token_validator.hpp"
#include "image/caller.hpp"

namespace reprieve::identity {

/// What a request brings to say who sends it.
struct Credentials {
    std::string_view token;          ///< X-Auth-Token
    std::string_view session;        ///< the cookie of a browser; asked only where there is no token
    std::string_view service_token;  ///< X-Service-Token: the service that acts for the user
    bool is_admin_socket = false;    ///< whoever may open the socket is the admin
};

/// Tells who sends a request. Any thread may call.
class Authenticator {
public:
    /// `validator` outlives this; null in the mode "none", where everybody is the admin.
    explicit Authenticator(TokenValidator* validator) : validator_(validator) {}

    /// Throws unauthenticated where there is no valid token, and unavailable where that cannot be told now. The
    /// caller's address and request are left for whoever knows them.
    Caller authenticate(const Credentials& credentials) const;

    /// What stands behind the token that `credentials` name; in the mode "none" and on the admin socket the admin, with
    /// a token that never expires (0). Throws as authenticate() does.
    TokenFacts facts_of(const Credentials& credentials) const;

    /// False in the mode "none".
    bool is_needed() const { return validator_ != nullptr; }

private:
    bool lets_everything(const Credentials& credentials) const {
        return credentials.is_admin_socket || validator_ == nullptr;
    }

    TokenValidator* validator_;
};

/// The caller that a token stands for.
Caller caller_of(const TokenFacts& token);

}  // namespace reprieve::identity
