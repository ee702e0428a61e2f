#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "image/image.hpp"
#include "image/location_changes.hpp"

namespace reprieve {

/// A value that a client gives to an attribute: null, a truth value, a whole number, a text, a list of texts,
/// or something that no attribute takes.
struct OtherValue {};
using AttributeValue =
    std::variant<std::nullptr_t, bool, std::int64_t, std::string, std::vector<std::string>, OtherValue>;

/// One step of an update (RFC 6902, as far as the Image API uses it).
struct AttributeChange {
    enum class Operation { add, replace, remove };
    Operation operation = Operation::add;
    std::string attribute;
    AttributeValue value;       ///< of any attribute but "locations"
    std::string position = {};  ///< of "locations", what stands behind it: "-" or a number; empty for nothing
    std::vector<NewLocation> locations = {};  ///< the value of "locations"
};

/// True where one of the changes is about "locations".
bool touches_locations(const std::vector<AttributeChange>& changes);

/// How many properties, tags and locations an image may have.
struct AttributeQuotas {
    std::uint64_t properties = 128;
    std::uint64_t tags = 128;
    std::uint64_t locations = 10;
};

constexpr std::size_t max_property_value_bytes = 65535;  ///< as Glance's column holds

/// Sets one attribute of an image that is being created: any base attribute that a client may set, `id`
/// included, or a property. Throws bad_request for a value that does not fit, forbidden for attributes
/// that are read-only or reserved (image-api.md, POST /v2/images).
void set_new_attribute(Image& image, std::string_view attribute, const AttributeValue& value);

/// Applies changes to an image in their order. Throws as set_new_attribute() does, conflict where a property to
/// replace or remove does not exist, and what image/location_changes.hpp says. `image` is to be thrown away then.
void apply_changes(Image& image, const std::vector<AttributeChange>& changes);

/// Throws too_large where the image has more properties, tags or locations than allowed.
void check_quotas(const Image& image, const AttributeQuotas& quotas);

/// Throws bad_request for a tag that is empty or longer than 255 characters.
void check_tag(std::string_view tag);

/// Adds a tag in its place; does nothing where it is there. False for remove: it was not there.
void add_tag(Image& image, const std::string& tag);
bool remove_tag(Image& image, std::string_view tag);

/// The formats that an image can declare.
const std::vector<std::string_view>& disk_formats();
const std::vector<std::string_view>& container_formats();

}  // namespace reprieve
