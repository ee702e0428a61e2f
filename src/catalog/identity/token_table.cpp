#include "catalog/identity/token_table.hpp"

#include <algorithm>

#include "catalog/engine/comma_list.hpp"
#include "image/role.hpp"

namespace reprieve::catalog {
namespace {

// Number of expired tokens that each insert deletes. It is more than one, so that a backlog of expired tokens shrinks.
constexpr std::size_t expired_a_time = 8;

}  // namespace

bool insert_token(Connection& db, const Token& token) {
    db.run(
        "INSERT INTO tokens (hash, audit_id, parent_audit_id, user, project, application_credential, methods, "
        "issued_at, expires_at) SELECT ?1, ?2, ?3, u.id, ?5, ?6, ?7, ?8, ?9 FROM users AS u "
        "WHERE u.id = ?4 AND u.is_enabled "
        "AND (?5 IS NULL OR EXISTS (SELECT 1 FROM projects WHERE id = ?5 AND is_enabled)) "
        "AND (?6 IS NULL OR EXISTS (SELECT 1 FROM application_credentials WHERE id = ?6)) "
        "AND (?3 = '' OR EXISTS (SELECT 1 FROM tokens AS t WHERE t.user = u.id AND t.audit_id = ?3 "
        "AND t.expires_at > ?8))",
        token.hash, token.audit_id, token.parent_audit_id, token.user, token.project, token.application_credential,
        to_column(token.methods), token.issued_at, token.expires_at);
    if (db.changes() == 0) return false;
    delete_expired_tokens(db, token.issued_at, expired_a_time);
    db.run(
        "DELETE FROM tokens WHERE hash IN "
        "(SELECT hash FROM tokens WHERE user = ?1 ORDER BY expires_at DESC LIMIT ?2 OFFSET ?3)",
        token.user, expired_a_time, max_tokens_of_user);
    return true;
}

std::optional<LiveToken> find_token(Connection& db, std::string_view hash, std::int64_t now_us) {
    auto row = db.prepare(
        "SELECT t.audit_id, t.parent_audit_id, t.user, t.project, t.application_credential, t.methods, t.issued_at, "
        "t.expires_at, u.name, p.name, c.roles, c.is_unrestricted, "
        "(SELECT group_concat(r.role) FROM role_assignments AS r WHERE r.user = t.user AND r.project = t.project) "
        "FROM tokens AS t JOIN users AS u ON u.id = t.user LEFT JOIN projects AS p ON p.id = t.project "
        "LEFT JOIN application_credentials AS c ON c.id = t.application_credential "
        "WHERE t.hash = ?1 AND t.expires_at > ?2 AND u.is_enabled AND (t.project IS NULL OR p.is_enabled) "
        "AND (c.expires_at IS NULL OR c.expires_at > ?2)");
    if (!row.bind(hash, now_us).step()) return std::nullopt;
    LiveToken live;
    live.token = {std::string(hash),
                  row.get<std::string>(0),
                  row.get<std::string>(1),
                  row.get<std::string>(2),
                  row.get<std::optional<std::string>>(3),
                  row.get<std::optional<std::string>>(4),
                  from_column(row.get<std::string>(5)),
                  row.get<std::int64_t>(6),
                  row.get<std::int64_t>(7)};
    live.user_name = row.get<std::string>(8);
    live.project_name = row.get<std::string>(9);
    live.roles = with_included(from_column(row.get<std::string>(12)));
    if (live.token.application_credential) {
        const auto allowed = with_included(from_column(row.get<std::string>(10)));
        std::erase_if(live.roles, [&](const std::string& role) {
            return std::find(allowed.begin(), allowed.end(), role) == allowed.end();
        });
        live.is_unrestricted = row.get<bool>(11);
    }
    if (live.token.project && live.roles.empty()) return std::nullopt;
    return live;
}

bool delete_token(Connection& db, std::string_view hash) {
    db.run(
        "WITH RECURSIVE ended (hash, user, audit_id) AS (SELECT hash, user, audit_id FROM tokens WHERE hash = ?1 "
        "UNION SELECT t.hash, t.user, t.audit_id FROM ended AS e JOIN tokens AS t ON t.user = e.user "
        "AND t.parent_audit_id = e.audit_id) DELETE FROM tokens WHERE hash IN (SELECT hash FROM ended)",
        hash);
    return db.changes() > 0;
}

void delete_tokens_of_user(Connection& db, std::string_view user) {
    db.run("DELETE FROM tokens WHERE user = ?1", user);
}

void delete_tokens_of_project(Connection& db, std::string_view project) {
    db.run("DELETE FROM tokens WHERE project = ?1", project);
}

std::size_t delete_expired_tokens(Connection& db, std::int64_t now_us, std::size_t limit) {
    db.run("DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE expires_at <= ?1 LIMIT ?2)", now_us, limit);
    return db.changes();
}

}  // namespace reprieve::catalog
