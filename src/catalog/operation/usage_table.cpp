#include "catalog/operation/usage_table.hpp"

#include "base/error.hpp"

namespace reprieve::catalog {

namespace {

Usage usage_of(Connection& db, int kind, std::string_view id) {
    auto row = db.prepare("SELECT images, bytes FROM image_usage WHERE kind = ?1 AND id = ?2");
    if (!row.bind(kind, id).step()) return {};
    return {row.get<std::uint64_t>(0), row.get<std::uint64_t>(1)};
}

}  // namespace

Usage usage_of_project(Connection& db, std::string_view project) { return usage_of(db, 0, project); }

Usage usage_of_user(Connection& db, std::string_view user) { return usage_of(db, 1, user); }

Payers payers_of(Connection& db, std::int64_t image_number) {
    auto row = db.prepare("SELECT owner, created_by FROM images WHERE n = ?1");
    if (!row.bind(image_number).step()) throw Error(ErrorKind::not_found, "the image is gone");
    return {row.get<std::string>(0), row.get<std::string>(1)};
}

std::uint64_t uploads_of_project(Connection& db, std::string_view project) {
    auto row = db.prepare(
        "SELECT count(DISTINCT l.image) FROM image_locations AS l INDEXED BY image_locations_writing "
        "JOIN images AS i ON i.n = l.image WHERE l.state = 0 AND i.owner = ?1");
    row.bind(project).step();
    return row.get<std::uint64_t>(0);
}

}  // namespace reprieve::catalog
