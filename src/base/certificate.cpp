#include "base/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "base/hex.hpp"

namespace reprieve {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t s_per_day = 86'400;
constexpr std::int64_t leeway_s = 3600;
constexpr int serial_bits = 127;             // makes a positive number of 16 bytes; RFC 5280, 4.1.2.2 allows at most 20
constexpr std::size_t max_common_name = 64;  // maximum bytes of a common name (RFC 5280, ub-common-name)
constexpr std::size_t max_host_name = 253;

template <auto Free>
struct Release {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
template <class T, auto Free>
using Owner = std::unique_ptr<T, Release<Free>>;
using Bio = Owner<BIO, BIO_free>;

void check(bool is_done, const char* what) {
    if (is_done) return;
    ERR_clear_error();
    throw Error(ErrorKind::internal, std::string("OpenSSL could not ") + what);
}

/// Returns true if the name has only letters, digits, '-', '_' and '.'. It may begin with "*.": such a wildcard stands
/// for all names one level below.
bool is_host_name(std::string_view name) {
    if (name.starts_with("*.")) name.remove_prefix(2);
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_';
    };
    return !name.empty() && name.size() <= max_host_name && name.front() != '.' && name.front() != '-' &&
           std::ranges::all_of(name, is_letter);
}

void add_name(GENERAL_NAMES* names, const std::string& name) {
    Owner<GENERAL_NAME, GENERAL_NAME_free> entry(GENERAL_NAME_new());
    check(entry != nullptr, "make the name of a certificate");
    if (ASN1_OCTET_STRING* const address = a2i_IPADDRESS(name.c_str())) {
        GENERAL_NAME_set0_value(entry.get(), GEN_IPADD, address);
    } else if (is_host_name(name)) {
        ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
        check(text != nullptr && ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1,
              "make the name of a certificate");
        GENERAL_NAME_set0_value(entry.get(), GEN_DNS, text);
    } else {
        throw Error(ErrorKind::bad_request,
                    "'" + name + "' is neither a host name nor an address that a certificate could be for");
    }
    check(sk_GENERAL_NAME_push(names, entry.get()) > 0, "collect the names of a certificate");
    (void)entry.release();
}

void add_extension(X509* certificate, int kind, const char* value) {
    const Owner<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
    check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add an extension to a certificate");
}

void set_serial(X509* certificate) {
    const Owner<BIGNUM, BN_free> number(BN_new());
    check(number && BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
          "choose the number of a certificate");
}

/// Sets subject and issuer to the same name, because the certificate is self-signed.
void set_subject(X509* certificate, const std::string& name) {
    X509_NAME* const subject = X509_get_subject_name(certificate);
    const std::string common = name.substr(0, max_common_name);
    check(
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common.data()),
                                   static_cast<int>(common.size()), -1, 0) == 1 &&
            X509_set_issuer_name(certificate, subject) == 1,
        "name a certificate");
}

template <class Write>
std::string to_pem(Write write) {
    const Bio bio(BIO_new(BIO_s_mem()));
    check(bio && write(bio.get()) == 1, "write PEM");
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

std::string certificate_fingerprint(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    check(X509_digest(certificate, EVP_sha256(), digest.data(), &size) == 1, "take the digest of a certificate");
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        if (i > 0) text += ':';
        append_hex(text, digest[i], upper_hex_digits);
    }
    return text;
}

SelfSigned make_self_signed(const std::vector<std::string>& names, int days, std::int64_t now_us) {
    const Owner<GENERAL_NAMES, GENERAL_NAMES_free> alternatives(GENERAL_NAMES_new());
    check(alternatives != nullptr, "collect the names of a certificate");
    for (const std::string& name : names) add_name(alternatives.get(), name);
    ERR_clear_error();  // add_name() first tries each name as an address, which leaves an error for a host name

    const Owner<EVP_PKEY, EVP_PKEY_free> key(EVP_EC_gen("P-256"));
    check(key != nullptr, "make a key");
    const Owner<X509, X509_free> certificate(X509_new());
    check(certificate != nullptr, "make a certificate");
    X509* const raw = certificate.get();
    check(X509_set_version(raw, X509_VERSION_3) == 1, "make a certificate");
    set_serial(raw);
    const std::int64_t now_s = now_us / us_per_s;
    check(ASN1_TIME_set(X509_getm_notBefore(raw), now_s - leeway_s) != nullptr &&
              ASN1_TIME_set(X509_getm_notAfter(raw), now_s + days * s_per_day) != nullptr,
          "set the time of a certificate");
    set_subject(raw, names.front());
    check(X509_set_pubkey(raw, key.get()) == 1, "put the key into a certificate");
    // The certificate must not be a certificate authority: a thief of its key could make certificates for other names.
    add_extension(raw, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(raw, NID_key_usage, "critical,digitalSignature");
    add_extension(raw, NID_ext_key_usage, "serverAuth");
    check(X509_add1_ext_i2d(raw, NID_subject_alt_name, alternatives.get(), 0, X509V3_ADD_DEFAULT) == 1,
          "add the names to a certificate");
    check(X509_sign(raw, key.get(), EVP_sha256()) > 0, "sign a certificate");

    SelfSigned made;
    made.certificate = to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, raw); });
    made.key = to_pem(
        [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    made.fingerprint = certificate_fingerprint(raw);
    return made;
}

}  // namespace reprieve
