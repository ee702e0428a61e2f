#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file is the table of tokens. Its key is the SHA-256 of the token that the client holds; the token itself is not
/// stored. If a client exchanges one token for another, the first is called the parent of the second. Call the
/// functions inside Catalog::read or Catalog::write. Times are microseconds since 1970 UTC.

struct Token {
    std::string hash;                                            ///< hexadecimal digits
    std::string audit_id, parent_audit_id;                       ///< parent_audit_id: empty if there is no parent
    std::string user;                                            ///< id
    std::optional<std::string> project, application_credential;  ///< ids; nullopt: the token is for none
    std::vector<std::string> methods;                            ///< of the sign-in: "password", "token", …
    std::int64_t issued_at = 0, expires_at = 0;
};

/// Stores a token. Returns false, and stores nothing, if its user or project is missing or disabled, if its application
/// credential is missing, or if its parent is missing or expired at issued_at.
///
/// Keeps the table bounded: each call also deletes some tokens that are expired at issued_at. If the user has more than
/// max_tokens_of_user tokens, deletes some of these too, earliest expiry first.
bool insert_token(Connection& db, const Token& token);

/// Maximum number of tokens of one user, including expired tokens that are still stored.
constexpr std::size_t max_tokens_of_user = 10'000;

/// A valid token, with the names of its user and project, and with the roles that its holder has in the project now.
struct LiveToken {
    Token token;
    std::string user_name, project_name;  ///< project_name is empty if the token is for no project
    std::vector<std::string> roles;       ///< roles of the user now; if a credential was used, only those it has
    bool is_unrestricted = true;          ///< false: made with a credential that may not create credentials
};

/// Returns the token if it is valid at `now_us`, else nullopt. A valid token is not expired, its user and its project
/// are enabled, and its application credential is not expired. If the token is for a project, at least one role in the
/// project must be left. Does one read by the key of the table.
std::optional<LiveToken> find_token(Connection& db, std::string_view hash, std::int64_t now_us);

/// Deletes the token and all tokens that were made from it, directly or indirectly. Returns false if there was no such
/// token.
bool delete_token(Connection& db, std::string_view hash);
void delete_tokens_of_user(Connection& db, std::string_view user);
void delete_tokens_of_project(Connection& db, std::string_view project);

/// Deletes at most `limit` tokens that are expired at `now_us`. Returns how many.
std::size_t delete_expired_tokens(Connection& db, std::int64_t now_us, std::size_t limit);

}  // namespace reprieve::catalog
