#include "catalog/identity/user_table.hpp"

namespace reprieve::catalog {
namespace {

std::vector<User> read_users(Statement& rows) {
    std::vector<User> users;
    while (rows.step())
        users.push_back({rows.get<std::string>(0), rows.get<std::string>(1), rows.get<std::string>(2),
                         rows.get<bool>(3), rows.get<std::optional<std::string>>(4), rows.get<std::int64_t>(5),
                         rows.get<bool>(6)});
    return users;
}

}  // namespace

void insert_user(Connection& db, const User& user) {
    db.run(
        "INSERT INTO users (id, name, description, password, is_enabled, default_project, created_at) "
        "VALUES (?1, ?2, ?3, '', ?4, ?5, ?6)",
        user.id, user.name, user.description, user.is_enabled, user.default_project, user.created_at);
}

std::optional<User> find_user(Connection& db, std::string_view id) {
    auto rows = db.prepare(
        "SELECT id, name, description, is_enabled, default_project, created_at, password <> '' FROM users "
        "WHERE id = ?1");
    auto found = read_users(rows.bind(id));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<User> list_users(Connection& db, const std::optional<std::string>& name) {
    auto rows = db.prepare(
        name ? "SELECT id, name, description, is_enabled, default_project, created_at, password <> '' FROM users "
               "WHERE name = ?1"
             : "SELECT id, name, description, is_enabled, default_project, created_at, password <> '' FROM users "
               "ORDER BY name");
    if (name) rows.bind(*name);
    return read_users(rows);
}

void update_user(Connection& db, const User& user) {
    db.run("UPDATE users SET name = ?2, description = ?3, is_enabled = ?4, default_project = ?5 WHERE id = ?1", user.id,
           user.name, user.description, user.is_enabled, user.default_project);
}

void delete_user(Connection& db, std::string_view id) { db.run("DELETE FROM users WHERE id = ?1", id); }

void set_password(Connection& db, std::string_view user, std::string_view stored) {
    db.run("UPDATE users SET password = ?2 WHERE id = ?1", user, stored);
    db.run("DELETE FROM one_time_sign_ins WHERE user = ?1", user);
}

std::string password_of(Connection& db, std::string_view user) {
    auto row = db.prepare("SELECT password FROM users WHERE id = ?1");
    return row.bind(user).step() ? row.get<std::string>(0) : "";
}

void insert_one_time_sign_in(Connection& db, std::string_view hash, std::string_view user, std::int64_t expires_at) {
    db.run("INSERT INTO one_time_sign_ins (hash, user, expires_at) VALUES (?1, ?2, ?3)", hash, user, expires_at);
}

std::optional<std::string> take_one_time_sign_in(Connection& db, std::string_view hash, std::int64_t now_us) {
    std::optional<std::string> user;
    {
        auto row = db.prepare("SELECT user FROM one_time_sign_ins WHERE hash = ?1 AND expires_at > ?2");
        if (row.bind(hash, now_us).step()) user = row.get<std::string>(0);
    }
    db.run("DELETE FROM one_time_sign_ins WHERE hash = ?1", hash);
    return user;
}

bool has_one_time_sign_in(Connection& db, std::string_view hash) {
    return db.prepare("SELECT 1 FROM one_time_sign_ins WHERE hash = ?1").bind(hash).step();
}

void delete_one_time_sign_ins(Connection& db) { db.run("DELETE FROM one_time_sign_ins"); }

}  // namespace reprieve::catalog
