#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "identity/token_validator.hpp"
#include "image/caller.hpp"

namespace reprieve::identity {

/// Issuer and validator of this appliance's own tokens. A token is 256 random bits as text. The catalog stores only the
/// SHA-256 of each token. Any thread may call.
class LocalTokens final : public TokenValidator {
public:
    /// `catalog` and `clock` must outlive this. `lifetime_us`: microseconds that a token is valid by default.
    LocalTokens(catalog::Catalog& catalog, const Clock& clock, std::int64_t lifetime_us);

    struct NewToken {
        std::string token;  ///< shown to the client; never stored
        TokenFacts facts;
    };

    /// Issues a token and records it in the audit trail; `by` is the user who signs in. Sets `issued_at`. Puts the
    /// token's own audit id in front of `audit_ids`, which holds the audit id of the parent if the token is made from
    /// another one (its parent). Sets `expires_at` if it is 0. Throws unauthenticated if the user, the project, the
    /// application credential or the parent token has been deleted or disabled in the meantime, or if the parent token
    /// has expired.
    ///
    /// To bound the table of tokens, each call also deletes a few expired tokens. A user keeps at most 10,000 tokens:
    /// those that expire last.
    NewToken issue(TokenFacts facts, const Caller& by);

    /// Does what the base class says. Throws unauthenticated also for a token whose user, project or application
    /// credential is disabled, expired or deleted, or whose user has no role left in the project. The result has only
    /// the roles that the user still has. Costs one catalog read.
    TokenFacts validate(std::string_view token) override;

    /// Ends a token and all tokens that were made from it. `by` is the user who ends the token, for the audit trail.
    /// Throws unauthenticated if the token is unknown.
    void revoke(std::string_view token, const Caller& by);

    /// Deletes all expired tokens. Called when the process starts.
    void purge_expired();

private:
    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::int64_t lifetime_us_;
};

}  // namespace reprieve::identity
