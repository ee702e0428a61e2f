#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace reprieve::identity {

/// How the catalog keeps a secret of 256 random bits: its SHA-256, in hexadecimal digits. No scrypt: nobody can guess
/// what is random, and a token is looked at with every request.
inline std::string secret_hash(std::string_view secret) {
    Digest digest("sha256");
    digest.update(std::as_bytes(std::span(secret)));
    return digest.finish();
}

}  // namespace reprieve::identity
