#include "config/auth_mode.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(auth_mode_suite)

namespace {

Config with(const std::string& listen, const std::string& mode) {
    Config config;
    config.server.listen = listen;
    config.auth.mode = mode;
    return config;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_sign_in_is_asked_for_as_soon_as_others_can_come) {
    BOOST_TEST((auth_mode(Config{}) == AuthMode::none));
    for (const char* listen : {"127.0.0.1:9292", "127.1.2.3:0", "[::1]:9292"}) {
        BOOST_TEST((auth_mode(with(listen, "auto")) == AuthMode::none));
        BOOST_TEST((auth_mode(with(listen, "local")) == AuthMode::local));
    }
    for (const char* listen : {"0.0.0.0:9292", "[::]:9292", "10.0.0.7:9292"}) {
        BOOST_TEST((auth_mode(with(listen, "auto")) == AuthMode::local));
        BOOST_TEST((auth_mode(with(listen, "none")) == AuthMode::none));
    }
}

BOOST_AUTO_TEST_CASE(nobody_is_let_in_unasked_from_beyond_loopback) {
    BOOST_TEST(error_of(ErrorKind::bad_request, [] { require_safe_listen(with("0.0.0.0:9292", "none")); }) ==
               "refusing to listen on 0.0.0.0:9292: auth.mode is \"none\", which lets everybody in as the admin, so "
               "only loopback is safe; set auth.mode to \"local\", or listen on 127.0.0.1 behind a proxy that "
               "authenticates");
    for (const char* mode : {"auto", "local"}) require_safe_listen(with("0.0.0.0:9292", mode));
    require_safe_listen(with("127.0.0.1:9292", "none"));
}

BOOST_AUTO_TEST_SUITE_END()
