#include "api/images/location_body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace reprieve::api {
namespace {

using nlohmann::json;

constexpr std::size_t max_url_bytes = 8192;
constexpr std::size_t max_metadata_bytes = 4096;

[[noreturn]] void refuse_location(const std::string& message) { throw Error(ErrorKind::bad_request, message); }

std::string text_of(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    if (!found->is_string()) refuse_location(std::string("'") + name + "' of a location must be a text");
    return found->get<std::string>();
}

/// Returns the digest in the field `name`: 2 * `bytes` hexadecimal digits in lower case. Throws bad_request for any
/// other text.
std::string digest_of(const json& object, const char* name, std::size_t bytes) {
    std::string text = text_of(object, name);
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (text.size() != 2 * bytes || !std::all_of(text.begin(), text.end(), is_digit))
        refuse_location(std::string("'") + name + "' in validation_data must be " + std::to_string(2 * bytes) +
                        " hexadecimal digits in lower case");
    return text;
}

std::size_t digest_bytes(const std::string& algorithm) {
    if (algorithm == "sha256") return 32;
    if (algorithm == "sha384") return 48;
    if (algorithm == "sha512") return 64;
    refuse_location("'os_hash_algo' in validation_data must be one of sha256, sha384, sha512");
}

VouchedDigests parse_digests(const json& value) {
    if (!value.is_object()) refuse_location("validation_data of a location must be an object");
    VouchedDigests digests;
    constexpr std::size_t md5_bytes = 16;
    if (value.contains("checksum")) digests.checksum = digest_of(value, "checksum", md5_bytes);
    digests.hash_algorithm = text_of(value, "os_hash_algo");
    digests.hash = digest_of(value, "os_hash_value", digest_bytes(digests.hash_algorithm));
    return digests;
}

NewLocation parse_location(const json& value) {
    if (!value.is_object()) refuse_location("a location must be an object with a url and metadata");
    NewLocation location;
    for (const auto& [name, part] : value.items()) {
        if (name == "validation_data")
            location.digests = parse_digests(part);
        else if (name != "url" && name != "metadata")
            refuse_location("a location has a url, metadata and validation_data, and nothing else");
    }
    location.url = text_of(value, "url");
    if (location.url.empty() || location.url.size() > max_url_bytes)
        refuse_location("a location needs a url of at most " + std::to_string(max_url_bytes) + " bytes");
    json metadata = value.value("metadata", json::object());
    if (!metadata.is_object()) refuse_location("metadata of a location must be an object");
    location.store = text_of(metadata, "store");
    metadata.erase("store");
    try {
        location.metadata = metadata.dump();
    } catch (const json::exception&) {
        refuse_location("metadata of a location must be valid UTF-8");
    }
    if (location.metadata.size() > max_metadata_bytes)
        refuse_location("metadata of a location has at most " + std::to_string(max_metadata_bytes) + " bytes");
    return location;
}

}  // namespace

std::vector<NewLocation> parse_locations(const json& value, bool is_list) {
    if (!is_list) return {parse_location(value)};
    if (!value.is_array()) refuse_location("locations must be a list");
    std::vector<NewLocation> locations;
    for (const json& entry : value) locations.push_back(parse_location(entry));
    return locations;
}

}  // namespace reprieve::api
