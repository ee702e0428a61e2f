#pragma once

#include <string>
#include <string_view>

#include "identity/token_validator.hpp"
#include "image/caller.hpp"

namespace reprieve::identity {

/// Proofs of identity that a request carries. Each text is empty if the request has none.
struct Credentials {
    std::string_view token;          ///< X-Auth-Token
    std::string_view session;        ///< token in the browser's cookie; used only if `token` is empty
    std::string_view service_token;  ///< X-Service-Token: token of a service that acts for the user
    bool is_admin_socket = false;    ///< true: came over the admin socket, so the sender is the admin
};

/// Authenticator: finds out who sent a request. Any thread may call.
class Authenticator {
public:
    /// `validator` checks the tokens, and must outlive this object. Null stands for the mode "none", in which every
    /// sender is the admin.
    explicit Authenticator(TokenValidator* validator) : validator_(validator) {}

    /// Returns the sender of a request. Does not set the caller's `address` and `request`. Throws unauthenticated if
    /// there is no token, or if the token or the service token is invalid; unavailable if one of these tokens cannot be
    /// checked now.
    Caller authenticate(const Credentials& credentials) const;

    /// Returns the facts of the token in `credentials`; ignores the service token. In the mode "none" and on the admin
    /// socket it returns the admin, with `expires_at` 0 (never). Throws as authenticate() does.
    TokenFacts facts_of(const Credentials& credentials) const;

    /// Tells whether a sender needs a token: false in the mode "none".
    bool is_needed() const { return validator_ != nullptr; }

private:
    bool lets_everything(const Credentials& credentials) const {
        return credentials.is_admin_socket || validator_ == nullptr;
    }

    TokenValidator* validator_;
};

/// Returns the caller with the user, project and roles of the token.
Caller caller_of(const TokenFacts& token);

}  // namespace reprieve::identity
