#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "http/connections/transport.hpp"

namespace reprieve::http {

/// What a person wants to know of a certificate.
struct CertificateFacts {
    std::string subject;         ///< "CN = images.example.org"
    std::string fingerprint;     ///< SHA-256, as "AB:CD:…"
    std::int64_t begins_us = 0;  ///< microseconds since 1970 UTC, as the next
    std::int64_t expires_us = 0;
    bool is_key_for_all = false;  ///< the file of the private key can be read by every user of the machine
};

/// The site's certificate and key, and what every TLS connection has in common: TLS 1.2 and 1.3, for 1.2 forward
/// secrecy and authenticated encryption alone, no renegotiation, session tickets, ALPN http/1.1 (RFC 7301).
/// Any thread may call.
class TlsContext {
public:
    /// Reads two files of PEM: the certificate with the chain behind it, and the private key, which is not encrypted.
    /// Throws bad_request that says which file is wrong, why, and what to do.
    TlsContext(std::string certificate_file, std::string key_file);

    /// Reads both files anew, for the handshakes that begin from now on. On a failure all stays as it was, and it
    /// throws as the constructor does.
    void reload();

    CertificateFacts facts() const;

    /// The transport of a new connection, before its handshake. Throws internal where memory is short.
    std::unique_ptr<Transport> accept(int socket) const;

private:
    struct Loaded {
        std::shared_ptr<SSL_CTX> context;
        CertificateFacts facts;
    };
    Loaded load() const;

    const std::string certificate_file_;
    const std::string key_file_;
    mutable std::mutex mutex_;
    Loaded loaded_;
};

}  // namespace reprieve::http
