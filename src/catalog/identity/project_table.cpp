#include "catalog/identity/project_table.hpp"

namespace reprieve::catalog {
namespace {

std::vector<Project> read_projects(Statement& rows) {
    std::vector<Project> projects;
    while (rows.step())
        projects.push_back({rows.get<std::string>(0), rows.get<std::string>(1), rows.get<std::string>(2),
                            rows.get<bool>(3), rows.get<std::int64_t>(4)});
    return projects;
}

}  // namespace

void insert_project(Connection& db, const Project& project) {
    db.run("INSERT INTO projects (id, name, description, is_enabled, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
           project.id, project.name, project.description, project.is_enabled, project.created_at);
}

std::optional<Project> find_project(Connection& db, std::string_view id) {
    auto rows = db.prepare("SELECT id, name, description, is_enabled, created_at FROM projects WHERE id = ?1");
    auto found = read_projects(rows.bind(id));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Project> list_projects(Connection& db, const std::optional<std::string>& name) {
    auto rows = db.prepare(name ? "SELECT id, name, description, is_enabled, created_at FROM projects WHERE name = ?1"
                                : "SELECT id, name, description, is_enabled, created_at FROM projects ORDER BY name");
    if (name) rows.bind(*name);
    return read_projects(rows);
}

void update_project(Connection& db, const Project& project) {
    db.run("UPDATE projects SET name = ?2, description = ?3, is_enabled = ?4 WHERE id = ?1", project.id, project.name,
           project.description, project.is_enabled);
}

void delete_project(Connection& db, std::string_view id) { db.run("DELETE FROM projects WHERE id = ?1", id); }

OwnedImages owned_images(Connection& db, std::string_view project) {
    // Uses two selects, because images outside the bin and images in it have separate indexes on the owner.
    auto rows = db.prepare(
        "SELECT count(*), sum(size) FROM images WHERE owner = ?1 AND place = 0 UNION ALL "
        "SELECT count(*), sum(size) FROM images WHERE owner = ?1 AND place = 1");
    rows.bind(project);
    OwnedImages owned;
    while (rows.step()) {
        owned.count += rows.get<std::uint64_t>(0);
        owned.bytes += rows.get<std::uint64_t>(1);
    }
    return owned;
}

void give_images(Connection& db, std::string_view project, std::string_view heir) {
    db.run("UPDATE images SET owner = ?2 WHERE owner = ?1 AND place = 0", project, heir);
    db.run("UPDATE images SET owner = ?2 WHERE owner = ?1 AND place = 1", project, heir);
}

}  // namespace reprieve::catalog
