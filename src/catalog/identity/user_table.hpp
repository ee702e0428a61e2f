#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Users. All functions run inside Catalog::read or write. Times are microseconds since 1970 UTC.

struct User {
    std::string id, name, description;
    bool is_enabled = true;
    std::optional<std::string> default_project;  ///< id; where a sign-in names none
    std::int64_t created_at = 0;
    bool has_password = false;  ///< set by reading alone
};

/// The id or the name must not be taken yet. The user has no password.
void insert_user(Connection& db, const User& user);

std::optional<User> find_user(Connection& db, std::string_view id);

/// By name; only the one of that name where it is given.
std::vector<User> list_users(Connection& db, const std::optional<std::string>& name);

/// Writes all but the id, when it was created, and the password.
void update_user(Connection& db, const User& user);

/// With the user's assignments, application credentials, tokens and one-time sign-ins.
void delete_user(Connection& db, std::string_view id);

/// The password as identity/users/passwords.hpp stores it; empty where there is none. Also ends the user's one-time
/// sign-ins, which are for somebody without one.
void set_password(Connection& db, std::string_view user, std::string_view stored);

/// Empty where there is no such user or no password.
std::string password_of(Connection& db, std::string_view user);

/// A secret that signs a user in once, as the SHA-256 of it.
void insert_one_time_sign_in(Connection& db, std::string_view hash, std::string_view user, std::int64_t expires_at);

/// Takes it: the user's id, and the next call gives nothing. Nothing where it is unknown or expired.
std::optional<std::string> take_one_time_sign_in(Connection& db, std::string_view hash, std::int64_t now_us);

bool has_one_time_sign_in(Connection& db, std::string_view hash);
void delete_one_time_sign_ins(Connection& db);

}  // namespace reprieve::catalog
