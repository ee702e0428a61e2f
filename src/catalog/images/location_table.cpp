#include "catalog/images/location_table.hpp"

#include <algorithm>
#include <array>

#include "catalog/engine/comma_list.hpp"
#include "catalog/images/image_row.hpp"

namespace reprieve::catalog {

void insert_location(Connection& db, std::int64_t image_number, Location& location) {
    const StoredUri uri = db.location_cipher().close(image_number, location.store, location.uri);
    db.run(
        "INSERT INTO image_locations (image, store, uri, state, size, attempts, last_error, next_attempt_at, "
        "blocked_by, metadata, has_digest, uri_key, uri_mark, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
        "?11, ?12, ?13, (SELECT count(*) FROM image_locations WHERE image = ?1))",
        image_number, location.store, uri.text, location.state, location.size, location.attempts, location.last_error,
        location.next_attempt_at, to_column(location.blocked_by), location.metadata, location.has_digest, uri.key_name,
        uri.mark);
    location.number = db.last_insert_number();
}

void update_location(Connection& db, const Location& location) {
    db.run(
        "UPDATE image_locations SET state = ?2, size = ?3, attempts = ?4, last_error = ?5, next_attempt_at = ?6, "
        "blocked_by = ?7 WHERE n = ?1",
        location.number, location.state, location.size, location.attempts, location.last_error,
        location.next_attempt_at, to_column(location.blocked_by));
}

void delete_location(Connection& db, std::int64_t location_number) {
    db.run("DELETE FROM image_locations WHERE n = ?1", location_number);
}

std::vector<Image> images_being_written(Connection& db, std::size_t limit) {
    const std::array<Value, 1> values{to_value(limit)};
    auto images = select_images(
        db,
        "FROM images AS i WHERE i.n IN (SELECT l.image FROM image_locations AS l WHERE l.state = 0 AND NOT EXISTS "
        "(SELECT 1 FROM uploads AS u WHERE u.location = l.n AND u.is_done = 0) LIMIT ?1)",
        values);
    load_locations(db, images);
    return images;
}

namespace {

/// The columns that location_in() reads, in this order.
constexpr const char* location_columns = "l.n, l.store, l.uri, l.uri_key, l.size, l.image";

Location location_in(Connection& db, Statement& row, Location::State state) {
    Location location{.store = row.get<std::string>(1)};
    location.number = row.get<std::int64_t>(0);
    location.uri = db.location_cipher().open(row.get<std::int64_t>(5), location.store,
                                             {row.get<std::string>(2), row.get<std::string>(3), {}});
    location.size = row.get<std::uint64_t>(4);
    location.state = state;
    return location;
}

}  // namespace

std::vector<StoredLocation> stored_locations(Connection& db, std::int64_t after_number, std::size_t limit) {
    auto rows = db.prepare(std::string("SELECT ") + location_columns +
                           ", i.id FROM image_locations AS l JOIN images AS i ON i.n = l.image "
                           "WHERE l.n > ?1 AND l.state = 1 ORDER BY l.n LIMIT ?2");
    rows.bind(after_number, limit);
    std::vector<StoredLocation> found;
    while (rows.step()) found.push_back({location_in(db, rows, Location::State::stored), rows.get<std::string>(6)});
    return found;
}

std::optional<Location> find_location_being_written(Connection& db, std::int64_t location_number) {
    auto row = db.prepare(std::string("SELECT ") + location_columns +
                          " FROM image_locations AS l WHERE l.n = ?1 AND l.state = 0");
    if (!row.bind(location_number).step()) return std::nullopt;
    return location_in(db, row, Location::State::writing);
}

bool is_location_stored(Connection& db, std::int64_t location_number) {
    auto row = db.prepare(
        "SELECT 1 FROM image_locations AS l JOIN images AS i ON i.n = l.image "
        "WHERE l.n = ?1 AND l.state = 1 AND i.status <> 7");
    return row.bind(location_number).step();
}

namespace {

/// Tells whether `table` has that URI in that store. The same URI encrypts to another text each time, so an encrypted
/// URI is found by its mark, a keyed hash.
bool is_in(Connection& db, const std::string& table, std::string_view store, std::string_view uri) {
    const std::string mark = db.location_cipher().mark(store, uri);
    if (mark.empty())
        return db.prepare("SELECT 1 FROM " + table + " WHERE uri = ?1 AND store = ?2").bind(uri, store).step();
    return db.prepare("SELECT 1 FROM " + table + " WHERE uri_mark = ?1 AND uri_mark <> '' AND store = ?2")
        .bind(mark, store)
        .step();
}

}  // namespace

bool is_location_known(Connection& db, std::string_view store, std::string_view uri) {
    return is_in(db, "image_locations", store, uri) || is_in(db, "location_removals", store, uri);
}

namespace {

LocationRemoval forget(Connection& db, const Image& image, const Location& location) {
    LocationRemoval removal{.image_number = image.number,
                            .image_id = image.id,
                            .store = location.store,
                            .uri = location.uri,
                            .size = location.size};
    const StoredUri uri = db.location_cipher().close(removal.image_number, removal.store, removal.uri);
    db.run(
        "INSERT INTO location_removals (image, image_id, store, uri, size, attempts, last_error, next_attempt_at, "
        "uri_key, uri_mark) VALUES (?1, ?2, ?3, ?4, ?5, 0, '', 0, ?6, ?7)",
        removal.image_number, removal.image_id, removal.store, uri.text, removal.size, uri.key_name, uri.mark);
    removal.number = db.last_insert_number();
    delete_location(db, location.number);
    return removal;
}

}  // namespace

std::vector<LocationRemoval> update_locations(Connection& db, Image& image) {
    Image stored;
    stored.number = image.number;
    load_locations(db, {&stored, 1});
    std::vector<LocationRemoval> removals;
    for (const Location& location : stored.locations) {
        const bool is_kept = std::any_of(image.locations.begin(), image.locations.end(),
                                         [&](const Location& kept) { return kept.number == location.number; });
        if (!is_kept) removals.push_back(forget(db, image, location));
    }
    std::size_t place = 0;
    for (Location& location : image.locations) {
        if (location.number == 0) insert_location(db, image.number, location);
        db.run("UPDATE image_locations SET place = ?2, metadata = ?3 WHERE n = ?1", location.number, place++,
               location.metadata);
    }
    return removals;
}

std::vector<LocationRemoval> due_removals(Connection& db, std::int64_t now_us, std::int64_t longest_wait_us,
                                          std::size_t limit) {
    auto rows = db.prepare(
        "SELECT n, image, image_id, store, uri, size, attempts, last_error, next_attempt_at, uri_key "
        "FROM location_removals "
        "WHERE next_attempt_at <= ?1 OR next_attempt_at > ?2 ORDER BY next_attempt_at LIMIT ?3");
    rows.bind(now_us, now_us + longest_wait_us, limit);
    std::vector<LocationRemoval> due;
    while (rows.step()) {
        LocationRemoval& removal = due.emplace_back();
        removal.number = rows.get<std::int64_t>(0);
        removal.image_number = rows.get<std::int64_t>(1);
        removal.image_id = rows.get<std::string>(2);
        removal.store = rows.get<std::string>(3);
        removal.uri = db.location_cipher().open(removal.image_number, removal.store,
                                                {rows.get<std::string>(4), rows.get<std::string>(9), {}});
        removal.size = rows.get<std::uint64_t>(5);
        removal.attempts = rows.get<int>(6);
        removal.last_error = rows.get<std::string>(7);
        removal.next_attempt_at = rows.get<std::int64_t>(8);
    }
    return due;
}

bool is_still_to_remove(Connection& db, const LocationRemoval& removal) {
    return !is_in(db, "image_locations", removal.store, removal.uri);
}

void update_removal(Connection& db, const LocationRemoval& removal) {
    db.run("UPDATE location_removals SET attempts = ?2, last_error = ?3, next_attempt_at = ?4 WHERE n = ?1",
           removal.number, removal.attempts, removal.last_error, removal.next_attempt_at);
}

void delete_removal(Connection& db, std::int64_t number) {
    db.run("DELETE FROM location_removals WHERE n = ?1", number);
}

}  // namespace reprieve::catalog
