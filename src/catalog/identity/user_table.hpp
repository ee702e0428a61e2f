#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file is the table of users. Call its functions inside Catalog::read or Catalog::write. Times are microseconds
/// since 1970 UTC.

struct User {
    std::string id, name, description;
    bool is_enabled = true;
    std::optional<std::string> default_project;  ///< id; used if a sign-in names no project
    std::int64_t created_at = 0;
    bool has_password = false;  ///< set when a user is read; never written
};

/// Stores a new user without a password. Requires: no user has its id or its name, and the default project exists.
void insert_user(Connection& db, const User& user);

/// Returns the user; nullopt if there is none.
std::optional<User> find_user(Connection& db, std::string_view id);

/// Returns all users, in the order of their names. If `name` is set, returns only the one with that name.
std::vector<User> list_users(Connection& db, const std::optional<std::string>& name);

/// Writes name, description, is_enabled and default_project. Does nothing if there is no such user. Requires: no other
/// user has the name, and the default project exists.
void update_user(Connection& db, const User& user);

/// Deletes the user, with the user's role assignments, application credentials, tokens and one-time sign-ins.
void delete_user(Connection& db, std::string_view id);

/// Sets the user's password. `stored` is its hash in the form that identity/users/passwords.hpp makes; empty for no
/// password. Also deletes the user's one-time sign-ins, which are only for users without a password.
void set_password(Connection& db, std::string_view user, std::string_view stored);

/// Returns the stored hash of the user's password; empty if there is no such user, or if the user has no password.
std::string password_of(Connection& db, std::string_view user);

/// Stores a secret that signs the user in once. `hash` is the SHA-256 of the secret. Requires: the user exists, and the
/// hash is new.
void insert_one_time_sign_in(Connection& db, std::string_view hash, std::string_view user, std::int64_t expires_at);

/// Deletes the one-time sign-in with that hash, so that it works only once, and returns the id of its user. Returns
/// nullopt if the one-time sign-in is unknown or expired at `now_us`.
std::optional<std::string> take_one_time_sign_in(Connection& db, std::string_view hash, std::int64_t now_us);

/// Tells whether the one-time sign-in with that hash is stored, expired or not.
bool has_one_time_sign_in(Connection& db, std::string_view hash);
void delete_one_time_sign_ins(Connection& db);

}  // namespace reprieve::catalog
