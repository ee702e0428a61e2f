#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "image/image.hpp"
#include "image/location_changes.hpp"

namespace reprieve {

/// Placeholder for a JSON value of a type that no attribute accepts, such as an object.
struct OtherValue {};

/// A value that a client gives to an attribute: null, true or false, a whole number, a text, a list of texts, or
/// another JSON value.
using AttributeValue =
    std::variant<std::nullptr_t, bool, std::int64_t, std::string, std::vector<std::string>, OtherValue>;

/// One operation of an update of an image: a JSON Patch operation (RFC 6902) in the subset that the Image API uses.
struct AttributeChange {
    enum class Operation { add, replace, remove };
    Operation operation = Operation::add;
    std::string attribute;
    AttributeValue value;       ///< new value; unused if `attribute` is "locations" or the operation is remove
    std::string position = {};  ///< index after "locations" in the path: "-" or a number; may be empty
    std::vector<NewLocation> locations = {};  ///< new value of "locations"
};

/// Returns true if one of the changes is of the attribute "locations".
bool touches_locations(const std::vector<AttributeChange>& changes);

/// Maximum numbers of properties, tags and locations of one image.
struct AttributeQuotas {
    std::uint64_t properties = 128;
    std::uint64_t tags = 128;
    std::uint64_t locations = 10;
};

constexpr std::size_t max_property_value_bytes = 65535;  ///< limit of the column in Glance's database

/// Sets one attribute of a new image: `id`, another base attribute that a client may set, or a property. Throws
/// bad_request for an invalid value, and forbidden for an attribute that is read-only or reserved (Image API, POST
/// /v2/images) and for "locations".
void set_new_attribute(Image& image, std::string_view attribute, const AttributeValue& value);

/// Applies the changes in their order. Throws bad_request and forbidden as set_new_attribute() does, conflict if a
/// property to replace or remove does not exist, and the errors of image/location_changes.hpp. If this function throws,
/// `image` may be half changed: discard it. Requires: a change that adds a location has one entry in `locations`.
void apply_changes(Image& image, const std::vector<AttributeChange>& changes);

/// Throws too_large if the image has more properties, tags or locations than allowed.
void check_quotas(const Image& image, const AttributeQuotas& quotas);

/// Throws bad_request if the tag is empty, longer than 255 characters, not UTF-8, or contains a NUL.
void check_tag(std::string_view tag);

/// Inserts the tag into `image.tags` in sort order. Does nothing if the image already has this tag. Requires:
/// `image.tags` is sorted.
void add_tag(Image& image, const std::string& tag);

/// Removes the tag. Returns false if the image does not have this tag. Requires: `image.tags` is sorted.
bool remove_tag(Image& image, std::string_view tag);

/// Returns the values that disk_format can have.
const std::vector<std::string_view>& disk_formats();

/// Returns the values that container_format can have.
const std::vector<std::string_view>& container_formats();

}  // namespace reprieve
