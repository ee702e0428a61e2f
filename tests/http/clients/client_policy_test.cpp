#include "http/clients/client_policy.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using http::ClientPolicy;
using Welcome = http::ClientPolicy::Welcome;

BOOST_AUTO_TEST_SUITE(client_policy)

namespace {

const IpAddress client = IpAddress::parse("192.0.2.7").value();
const IpAddress proxy = IpAddress::parse("10.0.0.1").value();
const IpAddress loopback = IpAddress::parse("127.0.0.1").value();

ClientPolicy::Options options() {
    return {.proxies = http::TrustedProxies({AddressBlock("10.0.0.0/8")}),
            .requests = {.rate = 1, .burst = 2},
            .connections = 2,
            .refusals = 1};
}

http::RequestHead head(http::Fields headers = {}) {
    http::RequestHead made;
    made.headers = std::move(headers);
    return made;
}

ClientPolicy::Origin admit(ClientPolicy& policy, const IpAddress& peer, http::RequestHead head = {}) {
    return policy.admit(peer, false, head, 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(requests_beyond_the_burst_are_refused_by_address) {
    ClientPolicy policy(options());
    BOOST_TEST(admit(policy, client).client.empty());
    admit(policy, client);
    BOOST_TEST(tests::throws(ErrorKind::too_many_requests, [&] { admit(policy, client); }));
    admit(policy, IpAddress::parse("192.0.2.8").value());
}

BOOST_AUTO_TEST_CASE(loopback_and_proxies_may_ask_all) {
    ClientPolicy policy(options());
    for (int i = 0; i < 100; ++i) {
        admit(policy, loopback);
        admit(policy, proxy);
        BOOST_TEST((policy.open(loopback, true, 0) == Welcome::served));
        BOOST_TEST((policy.open(proxy, true, 0) == Welcome::served));
    }
}

BOOST_AUTO_TEST_CASE(behind_a_proxy_the_client_is_counted) {
    ClientPolicy policy(options());
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(admit(policy, proxy, head({{"x-forwarded-for", "192.0.2.7"}})).client == "192.0.2.7");
    BOOST_TEST(tests::throws(ErrorKind::too_many_requests, [&] {
        admit(policy, proxy, head({{"x-forwarded-for", "192.0.2.7"}}));
    }));
    BOOST_TEST(admit(policy, proxy, head({{"x-forwarded-for", "192.0.2.8"}})).client == "192.0.2.8");
}

BOOST_AUTO_TEST_CASE(what_a_stranger_forwards_is_only_text) {
    ClientPolicy policy(options());
    auto told = head(
        {{"host", "a"}, {"x-forwarded-for", "127.0.0.1"}, {"x-forwarded-host", "b"}, {"x-forwarded-proto", "https"}});
    const auto origin = policy.admit(client, false, told, 0);
    BOOST_TEST(origin.client.empty());
    BOOST_TEST(!origin.is_https);
    BOOST_TEST(told.headers.front().second == "a");
}

BOOST_AUTO_TEST_CASE(a_proxy_tells_scheme_and_host) {
    ClientPolicy policy(options());
    auto told = head({{"host", "a"}, {"x-forwarded-host", "b:8443"}, {"x-forwarded-proto", "https"}});
    BOOST_TEST(policy.admit(proxy, false, told, 0).is_https);
    BOOST_TEST(told.headers.back().first == "host");
    BOOST_TEST(told.headers.back().second == "b:8443");
    BOOST_TEST(told.headers.size() == 3U);
    auto plain = head({{"host", "a"}, {"x-forwarded-proto", "http"}});
    BOOST_TEST(!policy.admit(proxy, true, plain, 0).is_https);
}

BOOST_AUTO_TEST_CASE(connections_of_one_address_are_bounded_and_given_back) {
    ClientPolicy policy(options());
    BOOST_TEST((policy.open(client, false, 0) == Welcome::served));
    BOOST_TEST((policy.open(client, false, 0) == Welcome::served));
    BOOST_TEST((policy.open(client, false, 0) == Welcome::refused));
    BOOST_TEST((policy.open(client, false, 0) == Welcome::dropped));
    policy.closed(client);
    policy.closed(client);
    BOOST_TEST((policy.open(client, false, 0) == Welcome::served));
}

BOOST_AUTO_TEST_SUITE_END()
