#include "catalog/identity/role_table.hpp"

#include "image/role.hpp"

namespace reprieve::catalog {

void insert_assignment(Connection& db, const Assignment& assignment) {
    db.run("INSERT INTO role_assignments (user, project, role) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
           assignment.user, assignment.project, assignment.role);
}

bool delete_assignment(Connection& db, const Assignment& assignment) {
    db.run("DELETE FROM role_assignments WHERE user = ?1 AND project = ?2 AND role = ?3", assignment.user,
           assignment.project, assignment.role);
    return db.changes() > 0;
}

std::vector<Assignment> list_assignments(Connection& db, const std::optional<std::string>& user,
                                         const std::optional<std::string>& project) {
    auto rows = db.prepare(
        "SELECT user, project, role FROM role_assignments "
        "WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR project = ?2) ORDER BY user, project, role");
    rows.bind(user, project);
    std::vector<Assignment> assignments;
    while (rows.step())
        assignments.push_back({rows.get<std::string>(0), rows.get<std::string>(1), rows.get<std::string>(2)});
    return assignments;
}

std::vector<std::string> roles_of(Connection& db, std::string_view user, std::string_view project) {
    auto rows = db.prepare("SELECT role FROM role_assignments WHERE user = ?1 AND project = ?2 ORDER BY role");
    rows.bind(user, project);
    std::vector<std::string> roles;
    while (rows.step()) roles.push_back(rows.get<std::string>(0));
    return with_included(std::move(roles));
}

bool has_admin(Connection& db) {
    return db
        .prepare(
            "SELECT 1 FROM role_assignments AS r JOIN users AS u ON u.id = r.user AND u.is_enabled "
            "JOIN projects AS p ON p.id = r.project AND p.is_enabled WHERE r.role = 'admin' LIMIT 1")
        .step();
}

std::optional<std::string> admin_to_be_signed_in(Connection& db) {
    auto row = db.prepare(
        "SELECT u.id, u.password <> '' FROM role_assignments AS r JOIN users AS u ON u.id = r.user AND u.is_enabled "
        "JOIN projects AS p ON p.id = r.project AND p.is_enabled WHERE r.role = 'admin' "
        "ORDER BY u.password <> '' DESC, u.created_at, u.id LIMIT 1");
    if (!row.step() || row.get<bool>(1)) return std::nullopt;
    return row.get<std::string>(0);
}

}  // namespace reprieve::catalog
