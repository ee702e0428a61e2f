#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace reprieve::net {

/// Set of trusted certificates for TLS clients. TLS is 1.2 or later, and the chain and the name are always checked. Any
/// thread may use it.
class TlsTrust {
public:
    /// `ca_file` is the path of a file with PEM certificates; then only these are trusted. If the path is empty, those
    /// of the system are trusted: of $SSL_CERT_FILE, and of the file where Debian or Red Hat keep them. Throws
    /// bad_request if the file has no certificate. If the system has none, the first connection fails.
    explicit TlsTrust(const std::string& ca_file);

    /// Returns OpenSSL's context; never null.
    ssl_ctx_st* context() const { return context_.get(); }

private:
    std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace reprieve::net
