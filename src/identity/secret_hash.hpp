#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace reprieve::identity {

/// Returns the SHA-256 of `secret` in hexadecimal digits: the form in which the catalog stores a secret of 256 random
/// bits. A slow hash such as scrypt is not needed, because nobody can guess a random secret. It would also be too
/// expensive, because a token is checked with every request.
inline std::string secret_hash(std::string_view secret) {
    Digest digest("sha256");
    digest.update(std::as_bytes(std::span(secret)));
    return digest.finish();
}

}  // namespace reprieve::identity
