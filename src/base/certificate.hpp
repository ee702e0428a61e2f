#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace reprieve {

/// Returns the SHA-256 digest of the whole certificate in the form in which people compare it: 32 bytes, written as
/// "AB:CD:…". Throws internal if OpenSSL fails.
std::string certificate_fingerprint(const X509* certificate);

/// A self-signed certificate with its private key, both as PEM.
struct SelfSigned {
    std::string certificate;
    std::string key;          ///< PKCS #8, not encrypted
    std::string fingerprint;  ///< see certificate_fingerprint()
};

/// Makes a key (ECDSA on P-256) and a certificate for `names`, which are host names and IP addresses. All names go into
/// the subjectAltName (RFC 5280, 4.2.1.6); the first name, cut to 64 bytes, is also the common name. The certificate is
/// valid for `days` days from `now_us` (microseconds since 1970 UTC). Its validity begins an hour before that, because
/// the clocks of clients differ. Requires: `names` is not empty. Throws bad_request if a name is neither a host name
/// nor an address, and internal if OpenSSL fails.
SelfSigned make_self_signed(const std::vector<std::string>& names, int days, std::int64_t now_us);

}  // namespace reprieve
