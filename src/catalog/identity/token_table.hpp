#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Tokens, by the SHA-256 of what the client holds. All functions run inside Catalog::read or write. Times are
/// microseconds since 1970 UTC.

struct Token {
    std::string hash;
    std::string audit_id, parent_audit_id;                       ///< the latter is empty where it was made from none
    std::string user;                                            ///< id
    std::optional<std::string> project, application_credential;  ///< ids
    std::vector<std::string> methods;
    std::int64_t issued_at = 0, expires_at = 0;
};

/// Stores it where its user and project are there and enabled, and the token that it was made from, where it was made
/// from one, still counts; false where one is not. Of one user's tokens at most
/// max_tokens_of_user stay, those that last longest; the table never grows by more than it loses of expired ones.
bool insert_token(Connection& db, const Token& token);

constexpr std::size_t max_tokens_of_user = 10'000;

/// A token that counts at `now_us`, with what it stands for: none of user, project and application credential is
/// disabled, expired or gone, and where it is for a project, the user still has a role there. One read by its key.
struct LiveToken {
    Token token;
    std::string user_name, project_name;
    std::vector<std::string> roles;  ///< those that the user has now and, where it was used, the credential allows
    bool is_unrestricted = true;     ///< false for a credential that may not make further ones
};
std::optional<LiveToken> find_token(Connection& db, std::string_view hash, std::int64_t now_us);

/// With those that were made from it. False where there was none.
bool delete_token(Connection& db, std::string_view hash);
void delete_tokens_of_user(Connection& db, std::string_view user);
void delete_tokens_of_project(Connection& db, std::string_view project);

/// At most `limit`; returns how many.
std::size_t delete_expired_tokens(Connection& db, std::int64_t now_us, std::size_t limit);

}  // namespace reprieve::catalog
