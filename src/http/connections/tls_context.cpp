#include "http/connections/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/certificate.hpp"
#include "base/error.hpp"
#include "http/connections/tls_transport.hpp"

namespace reprieve::http {
namespace {

constexpr std::size_t max_file_bytes = 1 << 20;
// Ciphers of TLS 1.2 with forward secrecy and authenticated encryption. All ciphers of TLS 1.3 have both.
constexpr const char* ciphers_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

template <auto Free>
struct Release {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

void free_chain(STACK_OF(X509) * chain) { sk_X509_pop_free(chain, X509_free); }
using Chain = std::unique_ptr<STACK_OF(X509), Release<free_chain>>;

[[noreturn]] void refuse(const std::string& what) {
    ERR_clear_error();
    throw Error(ErrorKind::bad_request, what);
}

/// Returns OpenSSL's reason for its last failure, in brackets; empty if there is none.
std::string openssl_reason() {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason == nullptr ? "" : std::string(" (") + reason + ")";
}

Bio read_file(const std::string& setting, const std::string& file) {
    std::string text(max_file_bytes, '\0');
    errno = 0;  // errno will say why the stream failed; the stream itself does not
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || !in.is_open())
        refuse(setting + ": cannot read " + file + ": " + std::generic_category().message(errno == 0 ? EIO : errno) +
               "; the user that runs the service must be able to read it");
    Bio bio(BIO_new(BIO_s_mem()));
    BIO_write(bio.get(), text.data(), static_cast<int>(in.gcount()));
    return bio;
}

/// Callback by which OpenSSL asks for the passphrase of a key. Records that the key needs one, and gives none.
int note_passphrase(char*, int, int, void* is_wanted) {
    *static_cast<bool*>(is_wanted) = true;
    return -1;
}

Key read_key(const std::string& file) {
    const Bio bio = read_file("server.tls_key", file);
    bool is_encrypted = false;
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, note_passphrase, &is_encrypted));
    if (is_encrypted)
        refuse("server.tls_key: the key in " + file +
               " is encrypted, and the service cannot ask for its passphrase: decrypt it with 'openssl pkey -in " +
               file + " -out NEW', and let no other user read that file");
    if (!key)
        refuse("server.tls_key: there is no private key in PEM in " + file + openssl_reason() +
               "; a key begins with -----BEGIN PRIVATE KEY-----");
    return key;
}

/// Reads the certificate of the site and the chain that signs it.
std::pair<Certificate, Chain> read_certificates(const std::string& file) {
    const Bio bio = read_file("server.tls_certificate", file);
    Certificate leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!leaf)
        refuse("server.tls_certificate: there is no certificate in PEM in " + file + openssl_reason() +
               "; a certificate begins with -----BEGIN CERTIFICATE-----");
    Chain chain(sk_X509_new_null());
    while (Certificate next{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
        sk_X509_push(chain.get(), next.release());
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        refuse("server.tls_certificate: a certificate of the chain in " + file + " is malformed" + openssl_reason());
    ERR_clear_error();
    return {std::move(leaf), std::move(chain)};
}

std::int64_t microseconds(const ASN1_TIME* time) {
    std::tm parts{};
    ASN1_TIME_to_tm(time, &parts);
    return std::int64_t{::timegm(&parts)} * 1'000'000;
}

std::string subject_of(const X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

CertificateFacts facts_of(const X509* certificate, const std::string& key_file) {
    CertificateFacts facts;
    facts.subject = subject_of(certificate);
    facts.fingerprint = certificate_fingerprint(certificate);
    facts.begins_us = microseconds(X509_get0_notBefore(certificate));
    facts.expires_us = microseconds(X509_get0_notAfter(certificate));
    struct stat status {};
    facts.is_key_for_all = ::stat(key_file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
    return facts;
}

/// Selects HTTP/1.1 if the client offers it by ALPN. A client that offers only other protocols continues without ALPN
/// (RFC 7301, 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
    constexpr std::string_view wanted = "http/1.1";
    while (in_size > 0 && *in < in_size) {
        if (std::string_view(reinterpret_cast<const char*>(in + 1), *in) == wanted) {
            *out = in + 1;
            *out_size = *in;
            return SSL_TLSEXT_ERR_OK;
        }
        in_size -= 1U + *in;
        in += 1U + *in;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

std::shared_ptr<SSL_CTX> make_context() {
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!context) refuse("OpenSSL has no memory for TLS");
    SSL_CTX* const raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(raw, ciphers_1_2);
    // The end of a connection without close_notify is no error (IGNORE_UNEXPECTED_EOF). It cannot cut a body unnoticed,
    // because HTTP gives the length of every body.
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(raw,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // No cache is needed: with session tickets the clients store the sessions.
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
    return context;
}

}  // namespace

TlsContext::TlsContext(std::string certificate_file, std::string key_file)
    : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)), loaded_(load()) {}

TlsContext::Loaded TlsContext::load() const {
    ERR_clear_error();
    const auto [certificate, chain] = read_certificates(certificate_file_);
    const Key key = read_key(key_file_);
    if (X509_check_private_key(certificate.get(), key.get()) != 1)
        refuse("server.tls_key: the key in " + key_file_ + " is not that of the certificate in " + certificate_file_ +
               "; the site's own certificate must be the first in its file");
    Loaded loaded{make_context(), facts_of(certificate.get(), key_file_)};
    if (SSL_CTX_use_cert_and_key(loaded.context.get(), certificate.get(), key.get(), chain.get(), 1) != 1)
        refuse("server.tls_certificate: OpenSSL does not accept the certificate in " + certificate_file_ +
               openssl_reason());
    return loaded;
}

void TlsContext::reload() {
    Loaded loaded = load();
    const MutexLock lock(mutex_);
    loaded_ = std::move(loaded);
}

CertificateFacts TlsContext::facts() const {
    const MutexLock lock(mutex_);
    return loaded_.facts;
}

std::unique_ptr<Transport> TlsContext::accept(int socket) const {
    std::shared_ptr<SSL_CTX> context;
    {
        const MutexLock lock(mutex_);
        context = loaded_.context;
    }
    SslOwner ssl(SSL_new(context.get()));
    if (!ssl) refuse("OpenSSL has no memory for one more connection");
    return std::make_unique<TlsTransport>(std::move(ssl), socket);
}

}  // namespace reprieve::http
