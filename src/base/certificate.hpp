#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace reprieve {

/// SHA-256 of the whole certificate, as people compare it: "AB:CD:…", 32 bytes.
std::string certificate_fingerprint(const X509* certificate);

/// A certificate that vouches for itself, with its private key, both as PEM.
struct SelfSigned {
    std::string certificate;
    std::string key;  ///< PKCS #8, not encrypted
    std::string fingerprint;
};

/// Makes a key (ECDSA on P-256) and a certificate for `names`: host names and addresses, of which each is in the
/// subjectAltName (RFC 5280, 4.2.1.6) and the first is the common name. It holds from an hour before `now_us` (of
/// clocks that differ) until `days` after it. Throws bad_request for a name that is neither, internal where OpenSSL
/// fails.
SelfSigned make_self_signed(const std::vector<std::string>& names, int days, std::int64_t now_us);

}  // namespace reprieve
