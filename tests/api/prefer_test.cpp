#include "api/prefer.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;
using api::default_wait_us;
using api::max_wait_us;

namespace {

std::int64_t wait_of(const std::string& prefer) {
    http::Request request;
    request.headers = {{"prefer", prefer}};
    return api::preferred_wait_us(request);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(prefer)

BOOST_AUTO_TEST_CASE(a_client_says_how_long_it_wants_to_wait) {
    BOOST_TEST(api::preferred_wait_us({}) == default_wait_us);
    BOOST_TEST(wait_of("wait=0") == 0);
    BOOST_TEST(wait_of("wait=20") == 20'000'000);
    BOOST_TEST(wait_of("respond-async, WAIT = 7 , return=minimal") == 7'000'000);
    BOOST_TEST(wait_of("wait=8; x=1, wait=9") == 8'000'000);
    BOOST_TEST(wait_of("handling=\"strict\"; a=b, wait=\"10\"") == 10'000'000);
    BOOST_TEST(wait_of("wait=61") == max_wait_us);
    BOOST_TEST(wait_of("wait=99999999999999999999999") == max_wait_us);
}

BOOST_AUTO_TEST_CASE(the_preferences_may_be_in_several_fields) {
    http::Request request;
    request.headers = {{"prefer", "respond-async"}, {"accept", "*/*"}, {"prefer", "wait=30"}};
    BOOST_TEST(api::preferred_wait_us(request) == 30'000'000);
}

BOOST_AUTO_TEST_CASE(what_is_malformed_or_unknown_is_ignored) {
    for (const char* text : {"", ",", "wait", "wait=", "wait=-1", "wait=1.5", "wait=x", "wait=\"", "wait=;9",
                             "awaits=9", "return=minimal"})
        BOOST_TEST(wait_of(text) == default_wait_us, text);
}

BOOST_AUTO_TEST_SUITE_END()
