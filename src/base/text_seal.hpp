#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// Encryption of stored texts (AES-256-GCM, NIST SP 800-38D). Nobody can read a sealed text without the key. Each one
/// is bound to a place, such as an image and a store: open() refuses a text that was changed or moved to another place.
/// Any thread may use it.
class TextSeal {
public:
    static constexpr std::size_t key_bytes = 32;
    using Key = std::array<unsigned char, key_bytes>;

    /// Reads a key of 64 hexadecimal digits. Returns nullopt for any other text.
    static std::optional<Key> parse_key(std::string_view digits);

    explicit TextSeal(const Key& key);

    /// Encrypts the text and binds it to `place`: open() needs the same place. Returns hexadecimal digits, which are
    /// different for each call. Throws internal if OpenSSL fails. One key may seal up to 2^32 texts.
    std::string seal(std::string_view text, std::string_view place) const;

    /// Decrypts a text that seal() returned. Throws unavailable if it was not sealed with this key for this `place`, or
    /// was changed since.
    std::string open(std::string_view sealed, std::string_view place) const;

    /// Returns 64 hexadecimal digits that are always the same for the same text and key. Store them beside a sealed
    /// text to find it again. Nobody can compute them without the key.
    std::string mark(std::string_view text) const;

    /// Returns a name for the key: 16 hexadecimal digits that do not reveal the key.
    const std::string& key_name() const { return key_name_; }

private:
    Key cipher_key_;
    Key mark_key_;
    std::string key_name_;
};

}  // namespace reprieve
