#include "api/image_json.hpp"

#include <algorithm>

#include "base/joined.hpp"
#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

/// The stores that hold the image, as clients expect them: one text with commas.
std::string store_names(const Image& image) {
    std::vector<std::string_view> names;
    for (const Location& location : image.locations)
        if (location.state == Location::State::stored) names.push_back(location.store);
    return joined(names, ",");
}

void write_fields(JsonWriter& json, const Image& image) {
    for (const auto& [name, value] : image.properties) json.field(name, value);
    json.field("name", image.name)
        .field("disk_format", image.disk_format)
        .field("container_format", image.container_format)
        .field("visibility", to_string(image.visibility))
        .field("size", image.size)
        .field("virtual_size", image.virtual_size)
        .field("status", to_string(image.status))
        .field("checksum", image.checksum)
        .field("protected", image.is_protected)
        .field("min_ram", image.min_ram)
        .field("min_disk", image.min_disk)
        .field("owner", image.owner.empty() ? std::nullopt : std::optional(image.owner))
        .field("os_hidden", image.is_hidden)
        .field("os_hash_algo", image.os_hash_algo)
        .field("os_hash_value", image.os_hash_value)
        .field("id", image.id)
        .field("created_at", format_timestamp(image.created_at))
        .field("updated_at", format_timestamp(image.updated_at));
    json.key("tags").begin_array();
    for (const std::string& tag : image.tags) json.value(tag);
    json.end_array();
    if (const std::string stores = store_names(image); !stores.empty()) json.field("stores", stores);
    json.field("self", "/v2/images/" + image.id)
        .field("file", "/v2/images/" + image.id + "/file")
        .field("schema", "/v2/schemas/image");
}

void write_blocked(JsonWriter& json, const Image& image) {
    const auto blocked = std::find_if(image.locations.begin(), image.locations.end(),
                                      [](const Location& location) { return location.attempts > 0; });
    json.key("blocked");
    if (blocked == image.locations.end()) {
        json.null();
        return;
    }
    json.begin_object().field("reason", blocked->last_error);
    json.key("by").begin_array().end_array();
    json.field("attempts", blocked->attempts)
        .field("next_attempt_at", format_timestamp(blocked->next_attempt_at))
        .end_object();
}

void write_deletion(JsonWriter& json, const Image& image) {
    json.field("deleted_at", format_timestamp(image.deletion->deleted_at))
        .field("deleted_by", image.deletion->deleted_by)
        .field("scrub_after", format_timestamp(image.deletion->scrub_after));
    write_blocked(json, image);
}

}  // namespace

void write_image(JsonWriter& json, const Image& image) {
    json.begin_object();
    write_fields(json, image);
    json.end_object();
}

void write_bin_entry(JsonWriter& json, const Image& image) {
    json.begin_object();
    write_fields(json, image);
    write_deletion(json, image);
    json.end_object();
}

void write_image_details(JsonWriter& json, const Image& image, const AllocatedBytes& allocated) {
    json.begin_object();
    write_fields(json, image);
    if (image.deletion) write_deletion(json, image);
    json.field("status_reason", image.status_reason);
    json.key("locations").begin_array();
    for (const Location& location : image.locations) {
        json.begin_object()
            .field("store", location.store)
            .field("state", location.state == Location::State::stored ? "stored" : "writing")
            .field("size", location.size)
            .field("allocated", allocated(location))
            .end_object();
    }
    json.end_array().end_object();
}

}  // namespace reprieve::api
