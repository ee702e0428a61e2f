#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// Encrypts texts that are kept (AES-256-GCM, NIST SP 800-38D), so that they can neither be read nor changed, nor put
/// in another place, without the key. Any thread may use it.
class TextSeal {
public:
    static constexpr std::size_t key_bytes = 32;
    using Key = std::array<unsigned char, key_bytes>;

    /// Reads 64 hexadecimal digits; nothing for anything else.
    static std::optional<Key> parse_key(std::string_view digits);

    explicit TextSeal(const Key& key);

    /// The text, sealed for one place: hexadecimal digits. The same text gives others each time. One key seals up to
    /// 2^32 texts.
    std::string seal(std::string_view text, std::string_view place) const;

    /// Throws unavailable for what was not sealed with this key, for this place.
    std::string open(std::string_view sealed, std::string_view place) const;

    /// The same for the same text, and told by nobody without the key: to find a sealed text by.
    std::string mark(std::string_view text) const;

    /// Names the key without telling it.
    const std::string& key_name() const { return key_name_; }

private:
    Key cipher_key_;
    Key mark_key_;
    std::string key_name_;
};

}  // namespace reprieve
