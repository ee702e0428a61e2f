#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text_seal.hpp"

namespace reprieve::catalog {

/// Keys that encrypt the URIs of image locations in the catalog. Each key has 64 hexadecimal digits; an empty text
/// means no key. Without a current key, URIs are stored in plain text.
struct LocationKeys {
    std::string current;
    std::string previous;  ///< the key until now, set only to change the key; some stored URIs may still use it
};

/// URI of an image location in the form that the catalog stores. An encrypted URI can be decrypted only for the image
/// and the store that it was encrypted for.
struct StoredUri {
    std::string text;      ///< the encrypted or plain URI
    std::string key_name;  ///< name of the key that encrypts it; empty if the URI is not encrypted
    std::string mark;      ///< keyed hash of store and URI, for searches; empty if the URI is not encrypted
};

/// Encrypts and decrypts the URIs of locations. Any thread may call.
class LocationCipher {
public:
    /// Throws bad_request if a key is malformed.
    explicit LocationCipher(const LocationKeys& keys);

    /// Returns the URI in its stored form: encrypted with the current key, or plain if there is no current key.
    StoredUri close(std::int64_t image_number, std::string_view store, std::string_view uri) const;

    /// Returns the plain URI of a location of that image in that store. Throws unavailable if `stored` is encrypted
    /// with a key that is neither the current nor the previous one, if it was changed, or if it belongs to another
    /// image or store.
    std::string open(std::int64_t image_number, std::string_view store, const StoredUri& stored) const;

    /// Returns the mark (StoredUri::mark) of `uri` in `store` under the current key; empty if there is no current key.
    std::string mark(std::string_view store, std::string_view uri) const;

    /// Returns the name of the current key (previous_name(): of the previous key); empty if there is no such key. The
    /// name does not reveal the key.
    std::string current_name() const { return current_ ? current_->key_name() : ""; }
    std::string previous_name() const { return previous_ ? previous_->key_name() : ""; }

private:
    std::optional<TextSeal> current_;
    std::optional<TextSeal> previous_;
};

}  // namespace reprieve::catalog
