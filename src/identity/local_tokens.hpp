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

/// Issuer and validator of this appliance's own tokens: 256 random bits as text. The catalog stores only their SHA-256.
/// Any thread may call.
class LocalTokens final : public TokenValidator {
public:
    /// `catalog` and `clock` must outlive this. `lifetime_us`: microseconds that a token is valid by default.
    LocalTokens(catalog::Catalog& catalog, const Clock& clock, std::int64_t lifetime_us);

    struct NewToken {
        std::string token;  ///< shown to the client; never stored
        TokenFacts facts;
    };

    /// Issues a token and records it in the audit trail; `by` is the user who signs in. Sets `issued_at`, puts the
    /// token's own audit id in front of `audit_ids` (which holds the parent token's, if any), and sets `expires_at` if
    /// it is 0. Throws unauthenticated if the user, the project, the application credential or the parent token has
    /// been deleted or disabled in the meantime, or has expired.
    ///
    /// To bound the table, it also deletes a few expired tokens. A user keeps at most 10,000 tokens: those that expire
    /// last.
    NewToken issue(TokenFacts facts, const Caller& by);

    /// Also refuses a token whose user, project or application credential is disabled, expired or deleted, or whose
    /// user has no role left in the project. Returns only the roles that the user still has. Costs one catalog read.
    TokenFacts validate(std::string_view token) override;

    /// Ends a token and all tokens that were made from it. `by` is the user who does it, for the audit trail. Throws
    /// unauthenticated if the token is unknown.
    void revoke(std::string_view token, const Caller& by);

    /// Deletes all expired tokens. Called when the process starts.
    void purge_expired();

private:
    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::int64_t lifetime_us_;
};

}  // namespace reprieve::identity
