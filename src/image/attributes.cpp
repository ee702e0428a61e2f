#include "image/attributes.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/utf8.hpp"
#include "base/uuid.hpp"

namespace reprieve {
namespace {

using std::string;
using std::string_view;

[[noreturn]] void refuse_attribute(string_view attribute, const string& expected) {
    throw Error(ErrorKind::bad_request, "'" + string(attribute) + "' must be " + expected);
}

void check_text(string_view attribute, string_view text, std::size_t max_characters) {
    const auto length = utf8_length(text);
    if (!length || text.find('\0') != string_view::npos) refuse_attribute(attribute, "valid UTF-8 text without a NUL");
    if (*length > max_characters)
        refuse_attribute(attribute, "at most " + std::to_string(max_characters) + " characters long");
}

std::optional<string> text_or_null(string_view attribute, const AttributeValue& value,
                                   std::size_t max_characters = 255) {
    if (std::holds_alternative<std::nullptr_t>(value)) return {};
    const auto* text = std::get_if<string>(&value);
    if (text == nullptr) refuse_attribute(attribute, "a text or null");
    check_text(attribute, *text, max_characters);
    return *text;
}

bool truth(string_view attribute, const AttributeValue& value) {
    const auto* flag = std::get_if<bool>(&value);
    if (flag == nullptr) refuse_attribute(attribute, "true or false");
    return *flag;
}

/// Returns the value, which must be a whole number from 0 to 2^31 - 1, the maximum that clients can store. Throws
/// bad_request for any other value.
std::int64_t amount(string_view attribute, const AttributeValue& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || *number < 0 || *number > std::numeric_limits<std::int32_t>::max())
        refuse_attribute(attribute, "a whole number from 0 to 2147483647");
    return *number;
}

std::optional<string> format_or_null(string_view attribute, const AttributeValue& value,
                                     const std::vector<string_view>& known) {
    auto text = text_or_null(attribute, value);
    if (text && std::find(known.begin(), known.end(), *text) == known.end())
        refuse_attribute(attribute, "null or one of " + joined(known, ", "));
    return text;
}

void set_tags(Image& image, const AttributeValue& value) {
    const auto* tags = std::get_if<std::vector<string>>(&value);
    if (tags == nullptr) refuse_attribute("tags", "a list of texts");
    for (const string& tag : *tags) check_tag(tag);
    image.tags = *tags;
    std::sort(image.tags.begin(), image.tags.end());
    image.tags.erase(std::unique(image.tags.begin(), image.tags.end()), image.tags.end());
}

/// A base attribute that clients may set. All other attributes are read-only, reserved, or properties.
struct BaseAttribute {
    string_view name;
    void (*set)(Image&, const AttributeValue&);
    /// Member of Image that holds the attribute, if the attribute cannot change any more once it is set and the image
    /// is not queued. Null if the attribute can change at any time.
    std::optional<string> Image::*fixed_with_data = nullptr;
};

const BaseAttribute base_attributes[] = {
    {"name", [](Image& i, const AttributeValue& v) { i.name = text_or_null("name", v); }},
    {"visibility",
     [](Image& i, const AttributeValue& v) {
         const auto* text = std::get_if<string>(&v);
         const auto visibility = text != nullptr ? visibility_from(*text) : std::nullopt;
         if (!visibility) refuse_attribute("visibility", "one of public, community, shared, private");
         i.visibility = *visibility;
     }},
    {"owner", [](Image& i, const AttributeValue& v) { i.owner = text_or_null("owner", v).value_or(""); }},
    {"protected", [](Image& i, const AttributeValue& v) { i.is_protected = truth("protected", v); }},
    {"os_hidden", [](Image& i, const AttributeValue& v) { i.is_hidden = truth("os_hidden", v); }},
    {"min_disk", [](Image& i, const AttributeValue& v) { i.min_disk = amount("min_disk", v); }},
    {"min_ram", [](Image& i, const AttributeValue& v) { i.min_ram = amount("min_ram", v); }},
    {"disk_format",
     [](Image& i, const AttributeValue& v) { i.disk_format = format_or_null("disk_format", v, disk_formats()); },
     &Image::disk_format},
    {"container_format",
     [](Image& i, const AttributeValue& v) {
         i.container_format = format_or_null("container_format", v, container_formats());
     },
     &Image::container_format},
    {"tags", set_tags},
};

constexpr string_view read_only_attributes[] = {
    "status",     "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at",
    "updated_at", "self", "file",         "schema",   "direct_url",   "stores"};

constexpr string_view reserved_attributes[] = {"location", "deleted", "deleted_at"};

constexpr string_view reserved_prefix = "os_glance_";

template <typename Range>
bool contains(const Range& range, string_view name) {
    return std::find(std::begin(range), std::end(range), name) != std::end(range);
}

const BaseAttribute* find_base(string_view name) {
    const auto* end = std::end(base_attributes);
    const auto* found = std::find_if(std::begin(base_attributes), end, [&](const auto& a) { return a.name == name; });
    return found == end ? nullptr : found;
}

void refuse_untouchable(string_view attribute) {
    const auto forbid = [&](const char* why) {
        throw Error(ErrorKind::forbidden, "Attribute '" + string(attribute) + "' is " + why);
    };
    if (contains(read_only_attributes, attribute)) forbid("read-only.");
    if (contains(reserved_attributes, attribute) || attribute.starts_with(reserved_prefix)) forbid("reserved.");
    if (attribute == "locations")
        throw Error(ErrorKind::forbidden,
                    "locations cannot be set here: upload the data of the image, or add a location to it later");
}

void set_property(Image& image, string_view name, const AttributeValue& value) {
    if (name.empty()) throw Error(ErrorKind::bad_request, "a property needs a name");
    check_text("the name of a property", name, 255);
    const auto* text = std::get_if<string>(&value);
    if (text == nullptr) {
        // Glance's image schema allows null for the ids of a kernel and a ramdisk. Null means that the image does not
        // have the property.
        const bool nullable = name == "kernel_id" || name == "ramdisk_id";
        if (nullable && std::holds_alternative<std::nullptr_t>(value)) {
            image.properties.erase(string(name));
            return;
        }
        refuse_attribute(name, "a text, as every property");
    }
    if (text->size() > max_property_value_bytes) refuse_attribute(name, "at most 65535 bytes long");
    check_text(name, *text, max_property_value_bytes);
    image.properties[string(name)] = *text;
}

void set_changed_attribute(Image& image, const AttributeChange& change, const BaseAttribute* base) {
    if (base == nullptr) {
        const bool must_exist = change.operation == AttributeChange::Operation::replace;
        if (must_exist && !image.properties.contains(change.attribute))
            throw Error(ErrorKind::conflict, "Property " + change.attribute + " does not exist.");
        set_property(image, change.attribute, change.value);
        return;
    }
    // A format that was never set can be set at any time. An image that `reprieve check --repair` found in a store has
    // none.
    const bool is_fixed = base->fixed_with_data != nullptr && (image.*base->fixed_with_data).has_value();
    if (is_fixed && image.status != Status::queued)
        throw Error(ErrorKind::forbidden,
                    "Attribute " + change.attribute + " can be only replaced for a queued image.");
    base->set(image, change.value);
}

void change_locations(Image& image, const AttributeChange& change) {
    switch (change.operation) {
        case AttributeChange::Operation::add:
            return add_location(image, change.position, change.locations.at(0));
        case AttributeChange::Operation::replace:
            return replace_locations(image, change.locations);
        case AttributeChange::Operation::remove:
            return remove_location(image, change.position);
    }
}

void remove_attribute(Image& image, const string& attribute, const BaseAttribute* base) {
    if (base != nullptr)
        throw Error(ErrorKind::forbidden, "Property " + attribute + " may not be removed: replace its value instead");
    if (image.properties.erase(attribute) == 0)
        throw Error(ErrorKind::conflict, "Property " + attribute + " does not exist.");
}

}  // namespace

const std::vector<string_view>& disk_formats() {
    static const std::vector<string_view> names{"ami", "ari",   "aki", "vhd", "vhdx", "vmdk",
                                                "raw", "qcow2", "vdi", "iso", "ploop"};
    return names;
}

const std::vector<string_view>& container_formats() {
    static const std::vector<string_view> names{"ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"};
    return names;
}

void set_new_attribute(Image& image, string_view attribute, const AttributeValue& value) {
    if (attribute == "id") {
        const auto* id = std::get_if<string>(&value);
        if (id == nullptr || !is_canonical_uuid(*id)) refuse_attribute("id", "a UUID in lower case, with dashes");
        image.id = *id;
        return;
    }
    refuse_untouchable(attribute);
    if (const auto* base = find_base(attribute))
        base->set(image, value);
    else
        set_property(image, attribute, value);
}

void apply_changes(Image& image, const std::vector<AttributeChange>& changes) {
    for (const AttributeChange& change : changes) {
        const bool removes = change.operation == AttributeChange::Operation::remove;
        // Ignore the removal of "stores": openstacksdk 0.101 sends it with every update of an image that it has listed
        // before.
        if (removes && change.attribute == "stores") continue;
        if (change.attribute == "locations") {
            change_locations(image, change);
            continue;
        }
        if (change.attribute == "id") throw Error(ErrorKind::forbidden, "Attribute 'id' is read-only.");
        refuse_untouchable(change.attribute);
        const auto* base = find_base(change.attribute);
        if (removes)
            remove_attribute(image, change.attribute, base);
        else
            set_changed_attribute(image, change, base);
    }
}

bool touches_locations(const std::vector<AttributeChange>& changes) {
    return std::any_of(changes.begin(), changes.end(),
                       [](const AttributeChange& change) { return change.attribute == "locations"; });
}

void check_quotas(const Image& image, const AttributeQuotas& quotas) {
    const auto refuse_more = [](const char* what, std::size_t has, std::uint64_t allowed) {
        if (has <= allowed) return;
        throw Error(ErrorKind::too_large, "the image would have " + std::to_string(has) + " " + what + "; at most " +
                                              std::to_string(allowed) + " are allowed");
    };
    refuse_more("properties", image.properties.size(), quotas.properties);
    refuse_more("tags", image.tags.size(), quotas.tags);
    refuse_more("locations", image.locations.size(), quotas.locations);
}

void check_tag(string_view tag) {
    if (tag.empty()) refuse_attribute("a tag", "at least one character long");
    check_text("a tag", tag, 255);
}

void add_tag(Image& image, const string& tag) {
    const auto place = std::lower_bound(image.tags.begin(), image.tags.end(), tag);
    if (place == image.tags.end() || *place != tag) image.tags.insert(place, tag);
}

bool remove_tag(Image& image, string_view tag) {
    const auto place = std::lower_bound(image.tags.begin(), image.tags.end(), tag);
    if (place == image.tags.end() || *place != tag) return false;
    image.tags.erase(place);
    return true;
}

}  // namespace reprieve
