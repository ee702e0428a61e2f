#include "http/clients/address_limiter.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;
using http::AddressLimiter;

BOOST_AUTO_TEST_SUITE(address_limiter)

namespace {

constexpr std::int64_t second = 1'000'000;

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

int taken(AddressLimiter& limiter, const IpAddress& from, int times, std::int64_t now_us) {
    int count = 0;
    while (times-- > 0) count += limiter.take_request(from, now_us) ? 1 : 0;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_address_has_its_burst_at_once_and_then_its_rate) {
    AddressLimiter limiter({.rate = 10, .burst = 50});
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 100, 0) == 50);
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 100, second) == 10);
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 100, second) == 0);
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 100, 1000 * second) == 50);
}

BOOST_AUTO_TEST_CASE(a_client_that_ignores_the_refusals_still_gets_its_rate) {
    AddressLimiter limiter({.rate = 10, .burst = 10});
    taken(limiter, address("192.0.2.1"), 10, 0);
    int count = 0;
    for (int ms = 0; ms < 10'000; ++ms) count += taken(limiter, address("192.0.2.1"), 1, ms * 1000);
    BOOST_TEST(count == 99);
}

BOOST_AUTO_TEST_CASE(one_address_takes_nothing_from_another) {
    AddressLimiter limiter({.rate = 1, .burst = 3});
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 9, 0) == 3);
    BOOST_TEST(taken(limiter, address("192.0.2.2"), 9, 0) == 3);
}

BOOST_AUTO_TEST_CASE(a_network_of_64_bits_is_one_client) {
    AddressLimiter limiter({.rate = 1, .burst = 3});
    BOOST_TEST(taken(limiter, address("2001:db8:0:1::1"), 9, 0) == 3);
    BOOST_TEST(taken(limiter, address("2001:db8:0:1:ffff::2"), 9, 0) == 0);
    BOOST_TEST(taken(limiter, address("2001:db8:0:2::1"), 9, 0) == 3);
}

BOOST_AUTO_TEST_CASE(a_rate_of_nothing_is_no_limit) {
    AddressLimiter limiter({.rate = 0, .burst = 1});
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 1000, 0) == 1000);
    BOOST_TEST(limiter.take_connection(address("192.0.2.1"), 0));
    BOOST_TEST(limiter.size() == 0U);
}

BOOST_AUTO_TEST_CASE(costly_connections_are_dropped_once_they_go_on_after_the_refusals) {
    AddressLimiter limiter({.rate = 10, .burst = 20});
    taken(limiter, address("192.0.2.1"), 20, 0);
    int count = 0;
    while (count < 1000 && limiter.take_connection(address("192.0.2.1"), 0)) ++count;
    BOOST_TEST(count == 20);
    BOOST_TEST(limiter.take_connection(address("192.0.2.1"), second));
    // The address is a full burst in debt, so it needs the time of two bursts to have a full one again.
    BOOST_TEST(taken(limiter, address("192.0.2.1"), 100, 5 * second) == 20);
}

BOOST_AUTO_TEST_CASE(the_table_does_not_grow_with_the_addresses) {
    AddressLimiter limiter({.rate = 1, .burst = 1, .max_addresses = 4});
    for (const char* text : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"})
        BOOST_TEST(limiter.take_request(address(text), 0));
    BOOST_TEST(!limiter.take_request(address("192.0.2.1"), 0));
    BOOST_TEST(limiter.take_request(address("192.0.2.5"), 0));
    BOOST_TEST(limiter.size() == 4U);
    BOOST_TEST(!limiter.take_request(address("192.0.2.1"), 0));  // still known; the entry of the second has gone
    BOOST_TEST(limiter.take_request(address("192.0.2.2"), 0));
}

BOOST_AUTO_TEST_CASE(a_clock_that_stands_or_lags_gives_nothing) {
    AddressLimiter limiter({.rate = 1, .burst = 1});
    BOOST_TEST(limiter.take_request(address("192.0.2.1"), 10 * second));
    BOOST_TEST(!limiter.take_request(address("192.0.2.1"), 5 * second));
    BOOST_TEST(!limiter.take_request(address("192.0.2.1"), 10 * second));
}

BOOST_AUTO_TEST_SUITE_END()
