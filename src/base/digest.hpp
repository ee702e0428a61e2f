#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace reprieve {

/// A running digest over bytes (OpenSSL). Used by one thread at a time.
class Digest {
public:
    /// `algorithm`: "md5", "sha1", "sha256", "sha384" or "sha512". Anything else throws bad_request.
    explicit Digest(std::string_view algorithm);
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;

    void update(std::span<const std::byte> bytes);

    /// The digest of all so far as lower-case hexadecimal digits. Nothing can be added afterwards.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// True for the names that Digest takes.
bool is_digest_algorithm(std::string_view name);

}  // namespace reprieve
