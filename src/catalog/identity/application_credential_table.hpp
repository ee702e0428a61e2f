#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file is the table of application credentials. Call its functions inside Catalog::read or Catalog::write. Times
/// are microseconds since 1970 UTC.

/// Credential with which a program signs in as a user, in one project and with some of the user's roles in that
/// project. It has a secret that is not the user's password.
struct ApplicationCredential {
    std::string id, name, description;
    std::string user, project;               ///< ids
    std::vector<std::string> roles;          ///< names; a role that the user no longer has gives no right
    bool is_unrestricted = false;            ///< true: may be used to create further credentials
    std::optional<std::int64_t> expires_at;  ///< nullopt: never
    std::int64_t created_at = 0;
};

/// Stores a new credential. `secret` is a hash in the form that identity/users/passwords.hpp makes. Requires: the user
/// and the project exist, no credential has the same id, and no credential of the user has the same name.
void insert_credential(Connection& db, const ApplicationCredential& credential, std::string_view secret);

/// Returns the credential, even if it has expired; nullopt if there is none.
std::optional<ApplicationCredential> find_credential(Connection& db, std::string_view id);

/// Returns the user's credentials, in the order of their names. If `name` is set, returns only the one with that name.
std::vector<ApplicationCredential> list_credentials(Connection& db, std::string_view user,
                                                    const std::optional<std::string>& name);

/// Returns the stored hash of the secret; empty if there is no such credential.
std::string secret_of(Connection& db, std::string_view id);

/// Deletes the credential, if there is one, and all tokens that were issued for it.
void delete_credential(Connection& db, std::string_view id);

}  // namespace reprieve::catalog
