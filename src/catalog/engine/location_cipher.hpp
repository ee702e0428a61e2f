#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text_seal.hpp"

namespace reprieve::catalog {

/// The keys of the URIs in the catalog: 64 hexadecimal digits each, empty for none: then they are stored as they are.
struct LocationKeys {
    std::string current;
    std::string previous;  ///< only where the key is to change: the one that they are stored with so far
};

/// A URI as it is stored. Where it is encrypted, it is bound to its image and its store.
struct StoredUri {
    std::string text;
    std::string key_name;  ///< of the key; empty where it is not encrypted
    std::string mark;      ///< to find it by; empty where it is not encrypted
};

/// How URIs are stored. Any thread may use it.
class LocationCipher {
public:
    /// Throws bad_request where a key is none.
    explicit LocationCipher(const LocationKeys& keys);

    StoredUri close(std::int64_t image_number, std::string_view store, std::string_view uri) const;

    /// Throws unavailable where it is of another key, or was changed.
    std::string open(std::int64_t image_number, std::string_view store, const StoredUri& stored) const;

    /// What a stored URI of that store has as its mark; empty without a key.
    std::string mark(std::string_view store, std::string_view uri) const;

    /// Empty for none.
    std::string current_name() const { return current_ ? current_->key_name() : ""; }
    std::string previous_name() const { return previous_ ? previous_->key_name() : ""; }

private:
    std::optional<TextSeal> current_;
    std::optional<TextSeal> previous_;
};

}  // namespace reprieve::catalog
