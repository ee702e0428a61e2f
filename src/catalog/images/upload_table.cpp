#include "catalog/images/upload_table.hpp"

namespace reprieve::catalog {
namespace {

/// Prepares the SELECT of uploads; `rest` begins with WHERE.
Statement select(Connection& db, std::string_view rest) {
    return db.prepare(
        "SELECT u.id, u.image, i.id, u.location, u.user, u.project, u.metadata, u.length, u.received, u.is_done, "
        "u.expires_at FROM uploads AS u JOIN images AS i ON i.n = u.image " +
        std::string(rest));
}

Upload read(const Statement& row) {
    return {.id = row.get<std::string>(0),
            .image_number = row.get<std::int64_t>(1),
            .image_id = row.get<std::string>(2),
            .location_number = row.get<std::int64_t>(3),
            .user = row.get<std::string>(4),
            .project = row.get<std::string>(5),
            .metadata = row.get<std::string>(6),
            .length = row.get<std::optional<std::uint64_t>>(7),
            .offset = row.get<std::uint64_t>(8),
            .is_done = row.get<bool>(9),
            .expires_at = row.get<std::int64_t>(10)};
}

std::optional<Upload> read_one(Statement row) {
    if (!row.step()) return std::nullopt;
    return read(row);
}

std::vector<Upload> read_uploads(Statement rows) {
    std::vector<Upload> uploads;
    while (rows.step()) uploads.push_back(read(rows));
    return uploads;
}

}  // namespace

void insert_upload(Connection& db, const Upload& upload) {
    db.run(
        "INSERT INTO uploads (id, image, location, user, project, metadata, length, received, is_done, expires_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        upload.id, upload.image_number, upload.location_number, upload.user, upload.project, upload.metadata,
        upload.length, upload.offset, upload.is_done, upload.expires_at);
}

std::optional<Upload> find_upload(Connection& db, std::string_view id) {
    auto row = select(db, "WHERE u.id = ?1");
    row.bind(id);
    return read_one(std::move(row));
}

std::optional<Upload> find_open_upload(Connection& db, std::string_view image_id) {
    auto row = select(db, "WHERE i.id = ?1 AND u.is_done = 0");
    row.bind(image_id);
    return read_one(std::move(row));
}

std::vector<Upload> open_uploads(Connection& db) { return read_uploads(select(db, "WHERE u.is_done = 0")); }

std::vector<Upload> expired_uploads(Connection& db, std::int64_t now_us, std::size_t limit) {
    auto rows = select(db, "WHERE u.expires_at <= ?1 ORDER BY u.expires_at LIMIT ?2");
    rows.bind(now_us, limit);
    return read_uploads(std::move(rows));
}

std::optional<std::int64_t> next_upload_expiry(Connection& db) {
    auto row = db.prepare("SELECT min(expires_at) FROM uploads");
    row.step();
    return row.get<std::optional<std::int64_t>>(0);
}

bool update_upload(Connection& db, const Upload& upload) {
    db.run("UPDATE uploads SET length = ?2, received = ?3, is_done = ?4, expires_at = ?5 WHERE id = ?1", upload.id,
           upload.length, upload.offset, upload.is_done, upload.expires_at);
    return db.changes() > 0;
}

bool delete_upload(Connection& db, std::string_view id) {
    db.run("DELETE FROM uploads WHERE id = ?1", id);
    return db.changes() > 0;
}

}  // namespace reprieve::catalog
