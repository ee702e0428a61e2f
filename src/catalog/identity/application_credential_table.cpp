#include "catalog/identity/application_credential_table.hpp"

#include "catalog/engine/comma_list.hpp"

namespace reprieve::catalog {
namespace {

std::vector<ApplicationCredential> read_credentials(Statement& rows) {
    std::vector<ApplicationCredential> credentials;
    while (rows.step())
        credentials.push_back({rows.get<std::string>(0), rows.get<std::string>(1), rows.get<std::string>(2),
                               rows.get<std::string>(3), rows.get<std::string>(4),
                               from_column(rows.get<std::string>(5)), rows.get<bool>(6),
                               rows.get<std::optional<std::int64_t>>(7), rows.get<std::int64_t>(8)});
    return credentials;
}

}  // namespace

void insert_credential(Connection& db, const ApplicationCredential& credential, std::string_view secret) {
    db.run(
        "INSERT INTO application_credentials (id, user, project, name, description, secret, roles, is_unrestricted, "
        "expires_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        credential.id, credential.user, credential.project, credential.name, credential.description, secret,
        to_column(credential.roles), credential.is_unrestricted, credential.expires_at, credential.created_at);
}

std::optional<ApplicationCredential> find_credential(Connection& db, std::string_view id) {
    auto rows = db.prepare(
        "SELECT id, name, description, user, project, roles, is_unrestricted, expires_at, created_at "
        "FROM application_credentials WHERE id = ?1");
    auto found = read_credentials(rows.bind(id));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<ApplicationCredential> list_credentials(Connection& db, std::string_view user,
                                                    const std::optional<std::string>& name) {
    auto rows = db.prepare(
        "SELECT id, name, description, user, project, roles, is_unrestricted, expires_at, created_at "
        "FROM application_credentials WHERE user = ?1 AND (?2 IS NULL OR name = ?2) ORDER BY name");
    return read_credentials(rows.bind(user, name));
}

std::string secret_of(Connection& db, std::string_view id) {
    auto row = db.prepare("SELECT secret FROM application_credentials WHERE id = ?1");
    return row.bind(id).step() ? row.get<std::string>(0) : "";
}

void delete_credential(Connection& db, std::string_view id) {
    db.run("DELETE FROM application_credentials WHERE id = ?1", id);
}

}  // namespace reprieve::catalog
