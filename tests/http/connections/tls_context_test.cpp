#include "http/connections/tls_context.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"
#include "tests/http/certificate_files.hpp"

using namespace reprieve;
using http::TlsContext;

namespace {

struct Pair : tests::CertificateFiles {
    std::string refusal() const {
        return tests::error_of(ErrorKind::bad_request, [this] { const TlsContext context(certificate, key); });
    }
    bool refuses_with(const std::string& words) const { return refusal().find(words) != std::string::npos; }
    void write(const std::string& file, const std::string& text) const { std::ofstream(file) << text; }
};

std::string encrypted(const std::string& key) {
    BIO* const in = BIO_new_mem_buf(key.data(), static_cast<int>(key.size()));
    EVP_PKEY* const pkey = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    BIO* const out = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(out, pkey, EVP_aes_128_cbc(), "secret", 6, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out, &text);
    std::string result(text, static_cast<std::size_t>(size));
    BIO_free(in);
    BIO_free(out);
    EVP_PKEY_free(pkey);
    return result;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls_context, Pair)

BOOST_AUTO_TEST_CASE(a_certificate_and_its_key_are_taken) {
    const TlsContext context(certificate, key);
    const auto facts = context.facts();
    BOOST_TEST(facts.fingerprint == made.fingerprint);
    BOOST_TEST(facts.subject == "CN = localhost");
    const std::int64_t days_left = (facts.expires_us - SystemClock().now_us()) / (86'400 * us_per_second);
    BOOST_TEST(days_left >= 9);
    BOOST_TEST(days_left <= 10);
    BOOST_TEST(facts.begins_us < SystemClock().now_us());
}

BOOST_AUTO_TEST_CASE(a_chain_behind_the_certificate_is_taken) {
    write(certificate, made.certificate + make_self_signed({"authority"}, 1, SystemClock().now_us()).certificate);
    const TlsContext context(certificate, key);
    BOOST_TEST(context.facts().subject == "CN = localhost");
}

BOOST_AUTO_TEST_CASE(each_wrong_file_is_named_with_the_reason) {
    write(key, encrypted(made.key));
    BOOST_TEST(refuses_with("is encrypted"), refusal());
    write(key, make_self_signed({"other"}, 1, SystemClock().now_us()).key);
    BOOST_TEST(refuses_with("is not that of the certificate"), refusal());
    write(key, made.certificate);
    BOOST_TEST(refuses_with("no private key in PEM in " + key), refusal());
    write(key, "");
    BOOST_TEST(refuses_with("no private key"), refusal());
    BOOST_TEST(!refuses_with("secret"));
    write(key, made.key);
    write(certificate, made.key);
    BOOST_TEST(refuses_with("no certificate in PEM in " + certificate), refusal());
    write(certificate, made.certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    BOOST_TEST(refuses_with("chain"), refusal());
    certificate += ".missing";
    BOOST_TEST(refuses_with("cannot read " + certificate + ": No such file"), refusal());
}

BOOST_AUTO_TEST_CASE(a_reload_takes_the_new_pair_or_keeps_the_old) {
    TlsContext context(certificate, key);
    const std::string first = made.fingerprint;
    write(certificate, "nonsense");
    BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { context.reload(); }));
    BOOST_TEST(context.facts().fingerprint == first);
    renew();
    context.reload();
    BOOST_TEST(context.facts().fingerprint == made.fingerprint);
    BOOST_TEST(made.fingerprint != first);
}

BOOST_AUTO_TEST_CASE(a_key_that_all_can_read_is_noticed) {
    ::chmod(key.c_str(), 0644);
    BOOST_TEST(TlsContext(certificate, key).facts().is_key_for_all);
    ::chmod(key.c_str(), 0640);
    BOOST_TEST(!TlsContext(certificate, key).facts().is_key_for_all);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_none_makes_no_certificate) {
    for (const char* name : {"", "a b", "x,DNS:evil", "-a", "http://a"})
        BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { make_self_signed({name}, 1, 0); }), name);
}

BOOST_AUTO_TEST_SUITE_END()
