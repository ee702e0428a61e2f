#include "base/text_seal.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"

namespace reprieve {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t name_bytes = 8;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&::EVP_CIPHER_CTX_free)>;

void require(bool is_done) {
    if (!is_done) throw Error(ErrorKind::internal, "OpenSSL refuses to encrypt");
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Returns the HMAC-SHA256 (RFC 2104) of the text. It serves to derive a separate key for each purpose, and to compute
/// marks.
TextSeal::Key keyed_hash(const TextSeal::Key& key, std::string_view text) {
    TextSeal::Key hash{};
    require(::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), hash.data(),
                   nullptr) != nullptr);
    return hash;
}

template <typename Bytes>
std::string to_hex(const Bytes& bytes, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) append_hex(text, bytes[i]);
    return text;
}

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Returns the bytes, or nullopt if the text is not pairs of hexadecimal digits.
std::optional<std::vector<unsigned char>> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return {};
    std::vector<unsigned char> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit_of(text[i]);
        const int low = digit_of(text[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes.push_back(static_cast<unsigned char>(high * 16 + low));
    }
    return bytes;
}

}  // namespace

std::optional<TextSeal::Key> TextSeal::parse_key(std::string_view digits) {
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() != key_bytes) return {};
    Key key{};
    std::copy(bytes->begin(), bytes->end(), key.begin());
    return key;
}

TextSeal::TextSeal(const Key& key)
    : cipher_key_(keyed_hash(key, "reprieve: encrypt")),
      mark_key_(keyed_hash(key, "reprieve: mark")),
      key_name_(to_hex(keyed_hash(key, "reprieve: name"), name_bytes)) {}

std::string TextSeal::seal(std::string_view text, std::string_view place) const {
    std::vector<unsigned char> out(nonce_bytes + text.size() + tag_bytes);
    fill_random(std::span(out).first(nonce_bytes));
    const Context context(::EVP_CIPHER_CTX_new(), &::EVP_CIPHER_CTX_free);
    EVP_CIPHER_CTX* const ctx = context.get();
    unsigned char* const body = out.data() + nonce_bytes;
    int count = 0;
    require(ctx != nullptr &&
            ::EVP_EncryptInit_ex(ctx, ::EVP_aes_256_gcm(), nullptr, cipher_key_.data(), out.data()) == 1 &&
            ::EVP_EncryptUpdate(ctx, nullptr, &count, bytes_of(place), static_cast<int>(place.size())) == 1 &&
            ::EVP_EncryptUpdate(ctx, body, &count, bytes_of(text), static_cast<int>(text.size())) == 1 &&
            ::EVP_EncryptFinal_ex(ctx, body + text.size(), &count) == 1 &&
            ::EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes), body + text.size()) == 1);
    return to_hex(out, out.size());
}

std::string TextSeal::open(std::string_view sealed, std::string_view place) const {
    auto bytes = from_hex(sealed);
    const auto refuse = [] {
        throw Error(ErrorKind::unavailable, "an encrypted text cannot be read: it was changed, or needs another key");
    };
    if (!bytes || bytes->size() < nonce_bytes + tag_bytes) refuse();
    const std::size_t size = bytes->size() - nonce_bytes - tag_bytes;
    const unsigned char* const body = bytes->data() + nonce_bytes;
    std::string text(size, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(text.data());
    const Context context(::EVP_CIPHER_CTX_new(), &::EVP_CIPHER_CTX_free);
    EVP_CIPHER_CTX* const ctx = context.get();
    int count = 0;
    require(ctx != nullptr);
    const bool is_genuine =
        ::EVP_DecryptInit_ex(ctx, ::EVP_aes_256_gcm(), nullptr, cipher_key_.data(), bytes->data()) == 1 &&
        ::EVP_DecryptUpdate(ctx, nullptr, &count, bytes_of(place), static_cast<int>(place.size())) == 1 &&
        ::EVP_DecryptUpdate(ctx, out, &count, body, static_cast<int>(size)) == 1 &&
        ::EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes),
                              bytes->data() + nonce_bytes + size) == 1 &&
        ::EVP_DecryptFinal_ex(ctx, out + size, &count) == 1;
    if (!is_genuine) refuse();
    return text;
}

std::string TextSeal::mark(std::string_view text) const {
    const Key hash = keyed_hash(mark_key_, text);
    return to_hex(hash, hash.size());
}

}  // namespace reprieve
