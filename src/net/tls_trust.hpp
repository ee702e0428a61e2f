#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace reprieve::net {

/// Set of trusted certificates for TLS clients. Connections with it use TLS 1.2 or later, and always check the chain
/// and the name of the server's certificate. Any thread may use it.
class TlsTrust {
public:
    /// `ca_file` is the path of a file with PEM certificates: only these are trusted. If the path is empty, the
    /// certificates of the system are trusted: those in $SSL_CERT_FILE, and those in the file of Debian or Red Hat.
    /// Throws bad_request if `ca_file` cannot be read or has no certificate. If the system has no trusted certificates,
    /// each connection fails.
    explicit TlsTrust(const std::string& ca_file);

    /// Returns OpenSSL's context; never null.
    ssl_ctx_st* context() const { return context_.get(); }

private:
    std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace reprieve::net
