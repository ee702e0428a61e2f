#include "catalog/location_table.hpp"

#include <array>

#include "catalog/image_row.hpp"

namespace reprieve::catalog {

std::vector<Image> images_being_written(Connection& db, std::size_t limit) {
    const std::array<Value, 1> values{to_value(limit)};
    auto images = select_images(
        db, "FROM images AS i WHERE i.n IN (SELECT image FROM image_locations WHERE state = 0 LIMIT ?1)", values);
    load_locations(db, images);
    return images;
}

std::vector<StoredLocation> stored_locations(Connection& db, std::int64_t after_number, std::size_t limit) {
    auto rows = db.prepare(
        "SELECT l.n, l.store, l.uri, l.size, i.id FROM image_locations AS l JOIN images AS i ON i.n = l.image "
        "WHERE l.n > ?1 AND l.state = 1 ORDER BY l.n LIMIT ?2");
    rows.bind(after_number, limit);
    std::vector<StoredLocation> found;
    while (rows.step()) {
        StoredLocation& stored = found.emplace_back();
        stored.location.number = rows.get<std::int64_t>(0);
        stored.location.store = rows.get<std::string>(1);
        stored.location.uri = rows.get<std::string>(2);
        stored.location.state = Location::State::stored;
        stored.location.size = rows.get<std::uint64_t>(3);
        stored.image_id = rows.get<std::string>(4);
    }
    return found;
}

bool is_location_stored(Connection& db, std::int64_t location_number) {
    auto row = db.prepare(
        "SELECT 1 FROM image_locations AS l JOIN images AS i ON i.n = l.image "
        "WHERE l.n = ?1 AND l.state = 1 AND i.status <> 7");
    return row.bind(location_number).step();
}

bool is_location_known(Connection& db, std::string_view store, std::string_view uri) {
    auto row = db.prepare("SELECT 1 FROM image_locations WHERE uri = ?1 AND store = ?2");
    return row.bind(uri, store).step();
}

bool is_id_used(Connection& db, std::string_view id) {
    auto row = db.prepare("SELECT 1 FROM images WHERE id = ?1 UNION ALL SELECT 1 FROM used_ids WHERE id = ?1");
    return row.bind(id).step();
}

}  // namespace reprieve::catalog
