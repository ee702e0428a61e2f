#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Table of tokens. The key is a hash, the SHA-256 of the token that the client holds. All functions run inside
/// Catalog::read or write. Times are microseconds since 1970 UTC.

struct Token {
    std::string hash;                                            ///< hexadecimal digits
    std::string audit_id, parent_audit_id;                       ///< parent: the token it was made from, or empty
    std::string user;                                            ///< id
    std::optional<std::string> project, application_credential;  ///< ids; nullopt if for none
    std::vector<std::string> methods;                            ///< of the sign-in, as Keystone names them
    std::int64_t issued_at = 0, expires_at = 0;
};

/// Stores a token. Returns false, and stores nothing, if its user or project is missing or disabled, if its application
/// credential is missing, or if its parent is missing or expired at issued_at.
///
/// Keeps the table bounded: each call also deletes some tokens that are expired at issued_at, and those of the user
/// beyond max_tokens_of_user, earliest expiry first.
bool insert_token(Connection& db, const Token& token);

/// Maximum number of tokens of one user, expired ones included.
constexpr std::size_t max_tokens_of_user = 10'000;

/// A token that is valid now, with the names and roles that it stands for.
struct LiveToken {
    Token token;
    std::string user_name, project_name;  ///< the project's is empty if the token is for none
    std::vector<std::string> roles;       ///< current ones of the user, within those of the credential if one was used
    bool is_unrestricted = true;          ///< false for a credential that may not create further ones
};

/// Returns the token if it is valid at `now_us`, else nullopt. Valid means: it is not expired; its user and project are
/// enabled; its application credential is not expired; and for a project, at least one role is left. Does one read by
/// the key.
std::optional<LiveToken> find_token(Connection& db, std::string_view hash, std::int64_t now_us);

/// Deletes the token and all tokens that were made from it, directly or indirectly. Returns false if there was none.
bool delete_token(Connection& db, std::string_view hash);
void delete_tokens_of_user(Connection& db, std::string_view user);
void delete_tokens_of_project(Connection& db, std::string_view project);

/// Deletes at most `limit` tokens that are expired at `now_us`. Returns how many.
std::size_t delete_expired_tokens(Connection& db, std::int64_t now_us, std::size_t limit);

}  // namespace reprieve::catalog
