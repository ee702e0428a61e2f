#include "base/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/error.hpp"
#include "base/hex.hpp"

namespace reprieve {
namespace {

constexpr std::array<std::string_view, 5> algorithms{"md5", "sha1", "sha256", "sha384", "sha512"};

}  // namespace

struct Digest::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() {
        if (context == nullptr) throw std::bad_alloc();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

bool is_digest_algorithm(std::string_view name) {
    return std::find(algorithms.begin(), algorithms.end(), name) != algorithms.end();
}

Digest::Digest(std::string_view algorithm) : state_(std::make_unique<State>()) {
    const EVP_MD* type =
        is_digest_algorithm(algorithm) ? EVP_get_digestbyname(std::string(algorithm).c_str()) : nullptr;
    if (type == nullptr)
        throw Error(ErrorKind::bad_request,
                    "the digest '" + std::string(algorithm) + "' is unknown: use md5, sha1, sha256, sha384 or sha512");
    if (EVP_DigestInit_ex(state_->context, type, nullptr) != 1)
        throw Error(ErrorKind::internal, "the digest '" + std::string(algorithm) + "' cannot be started");
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::span<const std::byte> bytes) {
    if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1)
        throw Error(ErrorKind::internal, "a digest failed");
}

std::string Digest::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(state_->context, bytes.data(), &size) != 1)
        throw Error(ErrorKind::internal, "a digest failed");
    std::string text;
    for (unsigned int i = 0; i < size; ++i) append_hex(text, bytes[i]);
    return text;
}

}  // namespace reprieve
