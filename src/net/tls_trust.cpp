#include "net/tls_trust.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"

namespace reprieve::net {
namespace {

// Files in which Debian and Red Hat keep the trusted certificates. OpenSSL is linked statically, so its own default
// path is that of the machine where it was built.
constexpr std::array system_ca_files{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"};

}  // namespace

TlsTrust::TlsTrust(const std::string& ca_file) : context_(::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free) {
    SSL_CTX* context = context_.get();
    if (context == nullptr) throw Error(ErrorKind::internal, "OpenSSL cannot create a context for TLS");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    if (!ca_file.empty()) {
        if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1)
            throw Error(ErrorKind::bad_request,
                        "the file " + ca_file + " cannot be read or contains no certificate in PEM");
    } else {
        SSL_CTX_set_default_verify_paths(context);
        for (const char* file : system_ca_files)
            if (::access(file, R_OK) == 0 && SSL_CTX_load_verify_file(context, file) == 1) break;
    }
    ERR_clear_error();
}

}  // namespace reprieve::net
