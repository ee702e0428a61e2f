#include "catalog/images/image_row.hpp"

#include <algorithm>

#include "catalog/engine/comma_list.hpp"

namespace reprieve::catalog {

Place place_of(const Image& image) {
    if (image.status < Status::pending_delete) return Place::live;
    if (image.status == Status::deleted) return Place::gone;
    return image.deletion && !image.deletion->in_bin ? Place::hidden : Place::bin;
}

RowValues row_values(const Image& image) {
    const Deletion* deletion = image.deletion ? &*image.deletion : nullptr;
    const auto of_deletion = [&](auto member) { return deletion ? to_value(deletion->*member) : Value{}; };
    return {to_value(image.id),
            to_value(image.name),
            to_value(image.status),
            to_value(image.visibility),
            to_value(image.owner),
            to_value(image.is_protected),
            to_value(image.is_hidden),
            to_value(image.min_disk),
            to_value(image.min_ram),
            to_value(image.disk_format),
            to_value(image.container_format),
            to_value(image.size),
            to_value(image.virtual_size),
            to_value(image.checksum),
            to_value(image.os_hash_algo),
            to_value(image.os_hash_value),
            to_value(image.created_at),
            to_value(image.updated_at),
            to_value(image.status_reason),
            to_value(image.created_by),
            to_value(place_of(image)),
            of_deletion(&Deletion::deleted_at),
            of_deletion(&Deletion::deleted_by),
            of_deletion(&Deletion::deleted_from),
            of_deletion(&Deletion::scrub_after),
            of_deletion(&Deletion::retention)};
}

const std::string& selected_image_columns() {
    static const std::string list = [] {
        std::string text = "i.n";
        for (const char* column : image_columns) text += std::string(", i.") + column;
        return text;
    }();
    return list;
}

Image read_image(const Statement& row) {
    Image image;
    int column = 0;
    const auto next = [&](auto& member) { member = row.get<std::decay_t<decltype(member)>>(column++); };
    next(image.number);
    next(image.id);
    next(image.name);
    next(image.status);
    next(image.visibility);
    next(image.owner);
    next(image.is_protected);
    next(image.is_hidden);
    next(image.min_disk);
    next(image.min_ram);
    next(image.disk_format);
    next(image.container_format);
    next(image.size);
    next(image.virtual_size);
    next(image.checksum);
    next(image.os_hash_algo);
    next(image.os_hash_value);
    next(image.created_at);
    next(image.updated_at);
    next(image.status_reason);
    next(image.created_by);
    const auto place = row.get<Place>(column++);
    if (!row.get<std::optional<std::int64_t>>(column)) return image;
    Deletion& deletion = image.deletion.emplace();
    next(deletion.deleted_at);
    next(deletion.deleted_by);
    next(deletion.deleted_from);
    next(deletion.scrub_after);
    next(deletion.retention);
    deletion.in_bin = place != Place::hidden;
    return image;
}

std::vector<Image> select_images(Connection& db, const std::string& from_and_where, std::span<const Value> values) {
    auto rows = db.prepare("SELECT " + selected_image_columns() + " " + from_and_where);
    int index = 0;
    for (const auto& value : values) rows.bind_value(++index, value);
    std::vector<Image> images;
    while (rows.step()) images.push_back(read_image(rows));
    return images;
}

void load_properties(Connection& db, std::span<Image> images) {
    auto rows = db.prepare("SELECT name, value FROM image_properties WHERE image = ?1 ORDER BY name");
    for (Image& image : images) {
        rows.bind(image.number);
        while (rows.step())
            image.properties.emplace_hint(image.properties.end(), rows.get<std::string>(0), rows.get<std::string>(1));
        rows.restart();
    }
}

void load_tags(Connection& db, std::span<Image> images) {
    auto rows = db.prepare("SELECT tag FROM image_tags WHERE image = ?1 ORDER BY tag");
    for (Image& image : images) {
        rows.bind(image.number);
        while (rows.step()) image.tags.push_back(rows.get<std::string>(0));
        rows.restart();
    }
}

void load_locations(Connection& db, std::span<Image> images) {
    auto rows = db.prepare(
        "SELECT n, store, uri, state, size, attempts, last_error, next_attempt_at, blocked_by, metadata, has_digest, "
        "uri_key FROM image_locations WHERE image = ?1 ORDER BY place, n");
    for (Image& image : images) {
        rows.bind(image.number);
        while (rows.step()) {
            Location& location = image.locations.emplace_back();
            location.number = rows.get<std::int64_t>(0);
            location.store = rows.get<std::string>(1);
            location.uri = db.location_cipher().open(image.number, location.store,
                                                     {rows.get<std::string>(2), rows.get<std::string>(11), {}});
            location.state = rows.get<Location::State>(3);
            location.size = rows.get<std::uint64_t>(4);
            location.attempts = rows.get<int>(5);
            location.last_error = rows.get<std::string>(6);
            location.next_attempt_at = rows.get<std::int64_t>(7);
            location.blocked_by = from_column(rows.get<std::string>(8));
            location.metadata = rows.get<std::string>(9);
            location.has_digest = rows.get<bool>(10);
        }
        rows.restart();
    }
}

}  // namespace reprieve::catalog
