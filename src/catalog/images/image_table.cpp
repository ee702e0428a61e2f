#include "catalog/images/image_table.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "catalog/engine/comma_list.hpp"
#include "catalog/images/image_row.hpp"
#include "catalog/images/location_table.hpp"

namespace reprieve::catalog {

namespace {

// Returns "INSERT INTO images (id, …) VALUES (?, …)".
const std::string& insert_sql() {
    static const std::string sql = [] {
        const auto marks = joined(image_columns, ", ", [](const char*) { return "?"; });
        return "INSERT INTO images (" + joined(image_columns, ", ") + ") VALUES (" + marks + ")";
    }();
    return sql;
}

std::optional<Image> first_of(std::vector<Image> images) {
    if (images.empty()) return std::nullopt;
    return std::move(images.front());
}

void load_children(Connection& db, Image& image) {
    const std::span<Image> one(&image, 1);
    load_properties(db, one);
    load_tags(db, one);
    load_locations(db, one);
}

}  // namespace

bool is_id_used(Connection& db, std::string_view id) {
    auto row = db.prepare("SELECT 1 FROM images WHERE id = ?1 UNION ALL SELECT 1 FROM used_ids WHERE id = ?1");
    return row.bind(id).step();
}

void insert_image(Connection& db, Image& image) {
    if (is_id_used(db, image.id))
        throw Error(ErrorKind::conflict,
                    "an image with id " + image.id + " exists or existed; an id is never given again");
    {
        auto insert = db.prepare(insert_sql());
        int index = 0;
        for (const auto& value : row_values(image)) insert.bind_value(++index, value);
        insert.run();
    }
    image.number = db.last_insert_number();
    if (!image.properties.empty()) {
        auto insert = db.prepare("INSERT INTO image_properties (image, name, value) VALUES (?1, ?2, ?3)");
        for (const auto& [name, value] : image.properties) insert.bind(image.number, name, value).run();
    }
    if (!image.tags.empty()) {
        auto insert = db.prepare("INSERT INTO image_tags (image, tag) VALUES (?1, ?2)");
        for (const auto& tag : image.tags) insert.bind(image.number, tag).run();
    }
    for (auto& location : image.locations) insert_location(db, image.number, location);
}

std::optional<Image> find_image(Connection& db, std::string_view id) {
    const std::array<Value, 1> values{id};
    auto image = first_of(select_images(db, "FROM images AS i WHERE i.id = ?1 AND i.status <> 8", values));
    if (image) load_children(db, *image);
    return image;
}

void update_image_row(Connection& db, const Image& image) {
    // Sets only the columns that differ, so that SQLite writes only the indexes on these.
    const std::array<Value, 1> number{to_value(image.number)};
    const auto stored = first_of(select_images(db, "FROM images AS i WHERE i.n = ?1", number));
    if (!stored) throw Error(ErrorKind::not_found, "there is no image with id " + image.id);
    if (stored->status != image.status && !may_follow(stored->status, image.status))
        throw Error(ErrorKind::internal, "an image cannot go from " + std::string(to_string(stored->status)) + " to " +
                                             std::string(to_string(image.status)));
    const RowValues before = row_values(*stored);
    const RowValues after = row_values(image);
    std::vector<std::string> changes;
    std::vector<Value> values;
    for (std::size_t i = 0; i < image_columns.size(); ++i) {
        if (before[i] == after[i]) continue;
        values.push_back(after[i]);
        changes.push_back(std::string(image_columns[i]) + " = ?");
    }
    if (values.empty()) return;
    values.push_back(to_value(image.number));
    auto update = db.prepare("UPDATE images SET " + joined(changes, ", ") + " WHERE n = ?");
    int index = 0;
    for (const auto& value : values) update.bind_value(++index, value);
    update.run();
}

void update_properties(Connection& db, const Image& image) {
    Image stored;
    stored.number = image.number;
    load_properties(db, {&stored, 1});
    for (const auto& [name, value] : stored.properties)
        if (!image.properties.contains(name))
            db.run("DELETE FROM image_properties WHERE image = ?1 AND name = ?2", image.number, name);
    for (const auto& [name, value] : image.properties) {
        const auto found = stored.properties.find(name);
        if (found == stored.properties.end() || found->second != value)
            db.run(
                "INSERT INTO image_properties (image, name, value) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (image, name) DO UPDATE SET value = excluded.value",
                image.number, name, value);
    }
}

void update_tags(Connection& db, const Image& image) {
    Image stored;
    stored.number = image.number;
    load_tags(db, {&stored, 1});
    const auto holds = [](const std::vector<std::string>& tags, const std::string& tag) {
        return std::find(tags.begin(), tags.end(), tag) != tags.end();
    };
    for (const auto& tag : stored.tags)
        if (!holds(image.tags, tag)) db.run("DELETE FROM image_tags WHERE image = ?1 AND tag = ?2", image.number, tag);
    for (const auto& tag : image.tags)
        if (!holds(stored.tags, tag)) db.run("INSERT INTO image_tags (image, tag) VALUES (?1, ?2)", image.number, tag);
}

std::size_t purge_deleted(Connection& db, std::int64_t before_us, std::size_t limit) {
    // The trigger images_keep_id records the ids of the deleted rows. A row that still has locations stays, because the
    // bytes of the image are not removed yet.
    db.run(
        "DELETE FROM images WHERE n IN (SELECT i.n FROM images AS i INDEXED BY images_deleted "
        "WHERE i.place = 3 AND coalesce(i.deleted_at, i.updated_at) < ?1 "
        "AND NOT EXISTS (SELECT 1 FROM image_locations AS l WHERE l.image = i.n) "
        "ORDER BY coalesce(i.deleted_at, i.updated_at) LIMIT ?2)",
        before_us, limit);
    return db.changes();
}

ImageTotals totals(Connection& db) {
    auto row = db.prepare("SELECT images, bytes, bin_images, bin_bytes FROM catalog_state");
    row.step();
    return {row.get<std::uint64_t>(0), row.get<std::uint64_t>(1), row.get<std::uint64_t>(2), row.get<std::uint64_t>(3)};
}

std::map<Status, std::uint64_t> count_by_status(Connection& db) {
    std::map<Status, std::uint64_t> counts;
    auto rows = db.prepare(
        "SELECT i.status, count(*) FROM images AS i INDEXED BY images_live_status WHERE i.place = 0 GROUP BY i.status");
    while (rows.step()) counts[static_cast<Status>(rows.get<int>(0))] = rows.get<std::uint64_t>(1);
    return counts;
}

}  // namespace reprieve::catalog
