#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace reprieve::net {

/// Whose certificates are believed: TLS 1.2 or later, the chain and the name are always checked. Any thread may use it.
class TlsTrust {
public:
    /// `ca_file` holds certificates as PEM; those alone are believed then. Where it is empty, those of the system are:
    /// $SSL_CERT_FILE, or where Debian or Red Hat keep them. Throws bad_request where the file holds none; a system
    /// without any is told by the first connection.
    explicit TlsTrust(const std::string& ca_file);

    ssl_ctx_st* context() const { return context_.get(); }

private:
    std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace reprieve::net
