#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Application credentials. All functions run inside Catalog::read or write. Times are microseconds since 1970 UTC.

/// For a robot: signs in as its user, in one project, with some of its roles, with a secret of its own.
struct ApplicationCredential {
    std::string id, name, description;
    std::string user, project;       ///< ids
    std::vector<std::string> roles;  ///< those that the user has lost since do not count
    bool is_unrestricted = false;    ///< may make further ones
    std::optional<std::int64_t> expires_at;
    std::int64_t created_at = 0;
};

/// `secret` as identity/users/passwords.hpp stores it. The user must not have another of that name.
void insert_credential(Connection& db, const ApplicationCredential& credential, std::string_view secret);

std::optional<ApplicationCredential> find_credential(Connection& db, std::string_view id);

/// Of one user, by name; only the one of that name where it is given.
std::vector<ApplicationCredential> list_credentials(Connection& db, std::string_view user,
                                                    const std::optional<std::string>& name);

/// Empty where there is no such credential.
std::string secret_of(Connection& db, std::string_view id);

/// With the tokens that it was used for.
void delete_credential(Connection& db, std::string_view id);

}  // namespace reprieve::catalog
