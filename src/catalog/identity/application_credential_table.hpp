#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Table of application credentials. All functions run inside Catalog::read or write. Times are microseconds since 1970
/// UTC.

/// Credential for a program. It signs in as its user, in one project and with some of the user's roles there, by a
/// secret of its own.
struct ApplicationCredential {
    std::string id, name, description;
    std::string user, project;               ///< ids
    std::vector<std::string> roles;          ///< names; a role that the user has lost since does not count
    bool is_unrestricted = false;            ///< may create further credentials
    std::optional<std::int64_t> expires_at;  ///< nullopt: never
    std::int64_t created_at = 0;
};

/// Stores a new credential. `secret` is in the form that identity/users/passwords.hpp stores. Requires: user and
/// project exist, and the id, and the name among those of the user, are not in use.
void insert_credential(Connection& db, const ApplicationCredential& credential, std::string_view secret);

/// Returns the credential; nullopt if there is none. It may be expired.
std::optional<ApplicationCredential> find_credential(Connection& db, std::string_view id);

/// Returns the user's credentials, in the order of their names. If `name` is set, returns only the one with that name.
std::vector<ApplicationCredential> list_credentials(Connection& db, std::string_view user,
                                                    const std::optional<std::string>& name);

/// Returns the secret in its stored form; empty if there is no such credential.
std::string secret_of(Connection& db, std::string_view id);

/// Deletes the credential, if there is one, and the tokens that it was used for.
void delete_credential(Connection& db, std::string_view id);

}  // namespace reprieve::catalog
