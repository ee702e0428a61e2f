#include "catalog/engine/location_cipher.hpp"

#include "base/error.hpp"

namespace reprieve::catalog {
namespace {

std::optional<TextSeal> seal_of(const std::string& digits) {
    if (digits.empty()) return {};
    const auto key = TextSeal::parse_key(digits);
    if (!key)
        throw Error(ErrorKind::bad_request,
                    "a location key must have 64 hexadecimal digits: make one with 'openssl rand -hex 32'");
    return TextSeal(*key);
}

std::string place_of(std::int64_t image_number, std::string_view store) {
    return "location " + std::to_string(image_number) + " " + std::string(store);
}

}  // namespace

LocationCipher::LocationCipher(const LocationKeys& keys)
    : current_(seal_of(keys.current)), previous_(seal_of(keys.previous)) {}

StoredUri LocationCipher::close(std::int64_t image_number, std::string_view store, std::string_view uri) const {
    if (!current_) return {std::string(uri), "", ""};
    return {current_->seal(uri, place_of(image_number, store)), current_->key_name(), mark(store, uri)};
}

std::string LocationCipher::open(std::int64_t image_number, std::string_view store, const StoredUri& stored) const {
    if (stored.key_name.empty()) return stored.text;
    for (const auto* seal : {&current_, &previous_})
        if (*seal && (*seal)->key_name() == stored.key_name)
            return (*seal)->open(stored.text, place_of(image_number, store));
    throw Error(ErrorKind::unavailable, "a location in the catalog is encrypted with another key");
}

std::string LocationCipher::mark(std::string_view store, std::string_view uri) const {
    return current_ ? current_->mark(std::string(store) + " " + std::string(uri)) : "";
}

}  // namespace reprieve::catalog
