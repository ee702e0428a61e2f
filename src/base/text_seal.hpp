#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// Encryption of stored texts (AES-256-GCM, NIST SP 800-38D). Without the key a sealed text can be neither read, nor
/// changed, nor moved to another place. Any thread may use it.
class TextSeal {
public:
    static constexpr std::size_t key_bytes = 32;
    using Key = std::array<unsigned char, key_bytes>;

    /// Reads a key of 64 hexadecimal digits. Returns nullopt for any other text.
    static std::optional<Key> parse_key(std::string_view digits);

    explicit TextSeal(const Key& key);

    /// Encrypts the text and binds it to `place`. Returns hexadecimal digits, which differ at each call. Throws
    /// internal if OpenSSL fails. One key may seal up to 2^32 texts.
    std::string seal(std::string_view text, std::string_view place) const;

    /// Decrypts a sealed text. Throws unavailable if it was not sealed with this key for this `place`, or was changed.
    std::string open(std::string_view sealed, std::string_view place) const;

    /// Returns 64 hexadecimal digits that are always the same for the same text and key, to find a sealed text by.
    /// Nobody can compute them without the key.
    std::string mark(std::string_view text) const;

    /// Returns a name for the key, 16 hexadecimal digits, that does not reveal it.
    const std::string& key_name() const { return key_name_; }

private:
    Key cipher_key_;
    Key mark_key_;
    std::string key_name_;
};

}  // namespace reprieve
