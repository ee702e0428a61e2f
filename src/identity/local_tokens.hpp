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

/// The tokens that this appliance gives: 256 random bits as text, stored as their SHA-256 alone. Any thread may call.
class LocalTokens final : public TokenValidator {
public:
    LocalTokens(catalog::Catalog& catalog, const Clock& clock, std::int64_t lifetime_us);

    struct NewToken {
        std::string token;
        TokenFacts facts;
    };

    /// For `by`, who signs in. `facts` without audit_ids' first, issued_at and, where it is 0, expires_at: they are set
    /// here. Throws unauthenticated where the user or the project has been deleted or disabled meanwhile. Some that
    /// have expired go with it, so that the table is bounded; of one user's at most 10,000 stay.
    NewToken issue(TokenFacts facts, const Caller& by);

    /// Also ends the token of a user, project or application credential that is disabled or deleted, and counts only
    /// the roles that the user still has. It costs one read of the catalog.
    TokenFacts validate(std::string_view token) override;

    /// Throws unauthenticated where there is no such token. `by` is who ends it.
    void revoke(std::string_view token, const Caller& by);

    /// Removes all that have expired; for the start.
    void purge_expired();

private:
    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::int64_t lifetime_us_;
};

}  // namespace reprieve::identity
