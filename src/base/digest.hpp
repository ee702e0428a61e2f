#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace reprieve {

/// Computation of the digest of a sequence of bytes, with OpenSSL. Only one thread at a time may use it.
class Digest {
public:
    /// Starts a digest. `algorithm` is "md5", "sha1", "sha256", "sha384" or "sha512". Throws bad_request for any other
    /// text.
    explicit Digest(std::string_view algorithm);
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;

    /// Adds bytes. Throws internal if OpenSSL fails.
    void update(std::span<const std::byte> bytes);

    /// Returns the digest of all added bytes as lower-case hexadecimal digits. Throws internal if OpenSSL fails. The
    /// object cannot be used afterwards.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Returns true if `name` is an algorithm that Digest accepts.
bool is_digest_algorithm(std::string_view name);

}  // namespace reprieve
