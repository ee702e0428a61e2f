#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/mutex.hpp"
#include "http/connections/transport.hpp"

namespace reprieve::http {

/// Facts about a certificate for display to an operator.
struct CertificateFacts {
    std::string subject;          ///< "CN = images.example.org"
    std::string fingerprint;      ///< SHA-256, as "AB:CD:…"
    std::int64_t begins_us = 0;   ///< microseconds since 1970 UTC
    std::int64_t expires_us = 0;  ///< microseconds since 1970 UTC
    bool is_key_for_all = false;  ///< every user of the machine can read the private key's file
};

/// Certificate and key of the site, with the settings of all TLS connections: TLS 1.2 and 1.3; for 1.2 only ciphers
/// with forward secrecy and authenticated encryption; no renegotiation; session tickets; ALPN http/1.1 (RFC 7301).
/// Any thread may call.
class TlsContext {
public:
    /// Reads two PEM files: the certificate followed by its chain, and the private key, which must not be encrypted.
    /// Throws bad_request that says which file is wrong, why, and what to do.
    TlsContext(std::string certificate_file, std::string key_file);

    /// Reads both files again. Later handshakes use the new certificate and key. On failure, keeps the old ones and
    /// throws as the constructor does.
    void reload();

    CertificateFacts facts() const;

    /// Returns a TLS transport for a new connection, before its handshake. `socket` must outlive it. Throws bad_request
    /// or internal if OpenSSL has no memory.
    std::unique_ptr<Transport> accept(int socket) const;

private:
    struct Loaded {
        std::shared_ptr<SSL_CTX> context;
        CertificateFacts facts;
    };
    Loaded load() const;

    const std::string certificate_file_;
    const std::string key_file_;
    mutable Mutex mutex_;
    Loaded loaded_ GUARDED_BY(mutex_);
};

}  // namespace reprieve::http
