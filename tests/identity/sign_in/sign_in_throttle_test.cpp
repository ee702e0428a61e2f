#include "identity/sign_in/sign_in_throttle.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Throttled {
    FakeClock clock;
    identity::SignInThrottle throttle{clock};

    bool may_try(const std::string& user, const std::string& client) {
        return error_of(ErrorKind::too_many_requests, [&] { throttle.check(user, client); }) == "nothing was thrown";
    }
    /// Counts a wrong password. Returns false if the throttle does not let it be tried.
    bool guess(const std::string& user, const std::string& client) {
        if (!may_try(user, client)) return false;
        throttle.count(user, client);
        return true;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sign_in_throttle, Throttled)

BOOST_AUTO_TEST_CASE(who_guesses_from_one_address_all_day_keeps_himself_out_and_not_the_user) {
    int guesses = 0;
    for (int second = 0; second < 12 * 3600; ++second) {
        guesses += guess("ann", "192.0.2.7") ? 1 : 0;
        BOOST_REQUIRE_MESSAGE(may_try("ann", "198.51.100.1") && may_try("ann", "127.0.0.1"), "second " << second);
        clock.advance_us(us_per_second);
    }
    BOOST_TEST(guesses < 12 * 60 + 20);
}

BOOST_AUTO_TEST_CASE(a_user_whose_password_is_tried_from_everywhere_waits_everywhere) {
    for (int i = 0; i < 201; ++i) BOOST_TEST(guess("ann", "198.51.100." + std::to_string(i)));
    BOOST_TEST(!may_try("ann", "127.0.0.1"));
    BOOST_TEST(may_try("ben", "127.0.0.1"));
    clock.advance_us(us_per_second);
    BOOST_TEST(may_try("ann", "127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(a_network_of_ipv6_is_one_address_and_this_machine_none) {
    for (int i = 0; i < 21; ++i) guess("user " + std::to_string(i), "2001:db8:1:2::" + std::to_string(i + 1));
    BOOST_TEST(!may_try("ann", "2001:db8:1:2:ffff::9"));
    BOOST_TEST(may_try("ann", "2001:db8:1:3::1"));
    for (int i = 0; i < 50; ++i) BOOST_TEST(guess("user " + std::to_string(i), "127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(a_success_ends_what_user_and_address_had_together) {
    for (int i = 0; i < 5; ++i) BOOST_TEST(guess("ann", "192.0.2.7"));
    const auto counted = throttle.count("ann", "192.0.2.7");
    BOOST_TEST(!may_try("ann", "192.0.2.7"));
    throttle.take_back("ann", "192.0.2.7", counted);
    for (int i = 0; i < 6; ++i) BOOST_TEST(guess("ann", "192.0.2.7"));
}

BOOST_AUTO_TEST_SUITE_END()
