#include "app/site_certificate.hpp"

#include <boost/test/unit_test.hpp>

#include "base/log.hpp"
#include "tests/http/certificate_files.hpp"

using namespace reprieve;

namespace {

/// Certificate files and settings that name them. Collects the lines of the log.
struct Fixture : tests::CertificateFiles {
    Fixture() {
        set_log_sink([this](std::string_view line) { log += std::string(line) + '\n'; });
        config.tls_certificate = certificate;
        config.tls_key = key;
    }
    ~Fixture() { set_log_sink({}); }

    bool has_logged(std::string_view words) const { return log.find(words) != std::string::npos; }

    SystemClock clock;
    Config::Server config;
    std::string log;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(site_certificate, Fixture)

BOOST_AUTO_TEST_CASE(a_certificate_that_is_about_to_expire_is_warned_of) {
    renew(20);
    const app::SiteCertificate fresh(config, clock);
    BOOST_TEST(has_logged("tls.certificate"));
    BOOST_TEST(has_logged(made.fingerprint));
    BOOST_TEST(!has_logged("tls.expires_soon"));
    renew(10);
    const app::SiteCertificate ending(config, clock);
    BOOST_TEST(has_logged("tls.expires_soon"));
    BOOST_TEST(!has_logged("tls.expired"));
}

BOOST_AUTO_TEST_CASE(a_failed_reload_is_logged_and_changes_nothing) {
    app::SiteCertificate site(config, clock);
    const std::string first = site.context()->facts().fingerprint;
    std::ofstream(key) << "nonsense";
    site.reload();
    BOOST_TEST(has_logged("tls.reload_failed"));
    BOOST_TEST(site.context()->facts().fingerprint == first);
}

BOOST_AUTO_TEST_CASE(without_a_certificate_there_is_no_tls) {
    app::SiteCertificate site(Config::Server{}, clock);
    BOOST_TEST(site.context() == nullptr);
    site.reload();
    BOOST_TEST(has_logged("tls.not_used"));
}

BOOST_AUTO_TEST_CASE(clear_text_is_warned_of_where_a_network_could_read_it) {
    const auto warns = [this](const Config::Server& server, bool is_loopback) {
        log.clear();
        app::warn_of_clear_text(server, is_loopback);
        return has_logged("server.clear_text");
    };
    Config::Server plain;
    BOOST_TEST(warns(plain, false));
    BOOST_TEST(!warns(plain, true));
    BOOST_TEST(!warns(config, false));
    plain.public_url = "http://images.example.org";
    BOOST_TEST(warns(plain, false));
    plain.public_url = "https://images.example.org";
    BOOST_TEST(!warns(plain, false));
    plain.public_url.clear();
    plain.trusted_proxies = {"10.0.0.1"};
    BOOST_TEST(!warns(plain, false));
}

BOOST_AUTO_TEST_SUITE_END()
