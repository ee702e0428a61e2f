#include "api/images/image_json.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "api/event_json.hpp"
#include "base/joined.hpp"
#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

/// Returns the names of the stores that hold the image, separated by commas, as clients expect.
std::string store_names(const Image& image) {
    std::vector<std::string_view> names;
    for (const Location& location : image.locations)
        if (location.state == Location::State::stored &&
            std::find(names.begin(), names.end(), location.store) == names.end())
            names.push_back(location.store);
    return joined(names, ",");
}

void write_attributes(JsonWriter& json, const Image& image) {
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

/// Returns the location's metadata as a JSON object, with the name of its store added, as in Glance. A store's name
/// needs no escapes in JSON.
std::string metadata_of(const Location& location) {
    const std::string store = "{\"store\":\"" + location.store + "\"";
    return store + (location.metadata == "{}" ? "}" : "," + location.metadata.substr(1));
}

void write_locations(JsonWriter& json, const Image& image, const ShownLocations& shown) {
    std::vector<const Location*> stored;
    for (const Location& location : image.locations)
        if (location.state == Location::State::stored) stored.push_back(&location);
    if (shown.direct_url && !stored.empty()) json.field("direct_url", shown.url(*stored.front()));
    if (!shown.all) return;
    json.key("locations").begin_array();
    for (const Location* location : stored)
        json.begin_object().field("url", shown.url(*location)).key("metadata").raw(metadata_of(*location)).end_object();
    json.end_array();
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
    json.key("by").begin_array();
    for (const std::string& holder : blocked->blocked_by) json.value(holder);
    json.end_array();
    json.field("attempts", blocked->attempts)
        .field("next_attempt_at", format_timestamp(blocked->next_attempt_at))
        .end_object();
}

/// Begins the object with which this appliance's own API shows an image. Writes the fields of the Image API; the caller
/// then adds more fields. Leaves out a property that has the name of an added field: only the Image API shows such a
/// property.
void begin_own_image(JsonWriter& json, const Image& image) {
    static constexpr std::string_view added[] = {"blocked",     "deleted_by",    "events", "history",
                                                 "scrub_after", "status_reason", "upload"};
    json.begin_object();
    for (const auto& [name, value] : image.properties)
        if (std::find(std::begin(added), std::end(added), name) == std::end(added)) json.field(name, value);
    write_attributes(json, image);
}

void write_deletion(JsonWriter& json, const Image& image) {
    json.field("deleted_at", format_timestamp(image.deletion->deleted_at))
        .field("deleted_by", image.deletion->deleted_by)
        .field("scrub_after", format_timestamp(image.deletion->scrub_after));
    write_blocked(json, image);
}

}  // namespace

void write_image(JsonWriter& json, const Image& image, const ShownLocations& shown) {
    json.begin_object();
    for (const auto& [name, value] : image.properties) json.field(name, value);
    write_attributes(json, image);
    write_locations(json, image, shown);
    json.end_object();
}

void write_bin_entry(JsonWriter& json, const Image& image) {
    begin_own_image(json, image);
    write_deletion(json, image);
    json.end_object();
}

void write_image_details(JsonWriter& json, const Image& image, const AllocatedBytes& allocated,
                         const std::optional<service::ResumableUploads::Upload>& upload,
                         const std::vector<Event>& history) {
    begin_own_image(json, image);
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
    json.end_array().key("upload");
    if (upload) {
        json.begin_object()
            .field("offset", upload->offset)
            .field("length", upload->length)
            .field("expires_at", format_timestamp(upload->expires_at))
            .end_object();
    } else {
        json.null();
    }
    json.key("history");
    write_events(json, history);
    json.field("events", "/api/events?image=" + image.id).end_object();
}

}  // namespace reprieve::api
