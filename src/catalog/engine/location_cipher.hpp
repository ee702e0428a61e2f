#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text_seal.hpp"

namespace reprieve::catalog {

/// Keys that encrypt the URIs in the catalog: 64 hexadecimal digits each, or empty for none. Without a current key,
/// URIs are stored in plain text.
struct LocationKeys {
    std::string current;
    std::string previous;  ///< the key of URIs that are stored already; set only to change the key
};

/// A URI as it is stored. An encrypted one is bound to its image and its store, and cannot be decrypted for another.
struct StoredUri {
    std::string text;      ///< the encrypted or plain URI
    std::string key_name;  ///< names the key; empty if the URI is not encrypted
    std::string mark;      ///< keyed hash of store and URI, to find it by; empty if the URI is not encrypted
};

/// Encrypts and decrypts the URIs of locations. Any thread may call.
class LocationCipher {
public:
    /// Throws bad_request if a key is malformed.
    explicit LocationCipher(const LocationKeys& keys);

    /// Returns the URI in its stored form: encrypted with the current key, or plain if there is no current key.
    StoredUri close(std::int64_t image_number, std::string_view store, std::string_view uri) const;

    /// Returns the plain URI. Throws unavailable if `stored` is encrypted with a key that is neither the current nor
    /// the previous one, if it was changed, or if it belongs to another image or store.
    std::string open(std::int64_t image_number, std::string_view store, const StoredUri& stored) const;

    /// Returns the mark that a URI of that store has under the current key; empty if there is no current key.
    std::string mark(std::string_view store, std::string_view uri) const;

    /// Returns the name of the current (previous) key; empty if there is none. The name does not reveal the key.
    std::string current_name() const { return current_ ? current_->key_name() : ""; }
    std::string previous_name() const { return previous_ ? previous_->key_name() : ""; }

private:
    std::optional<TextSeal> current_;
    std::optional<TextSeal> previous_;
};

}  // namespace reprieve::catalog
