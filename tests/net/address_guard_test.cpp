#include "net/address_guard.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"

namespace reprieve::net {
BOOST_AUTO_TEST_SUITE(address_guard)

namespace {

std::vector<Endpoint> check(const std::string& url, const std::vector<std::string>& allowed = {},
                            const std::vector<std::uint16_t>& ports = {80, 443}) {
    const AddressGuard guard({allowed.begin(), allowed.end()}, ports);
    return guard.check(parse_url(url).endpoint, Deadline(tests::hang_limit_us));
}

bool is_refused(const std::string& url, const std::vector<std::string>& allowed = {}) {
    return tests::throws(ErrorKind::forbidden, [&] { check(url, allowed); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(only_single_hosts_of_the_internet_are_public) {
    for (const char* text : {"8.8.8.8", "193.0.6.139", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111",
                             "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8"})
        BOOST_TEST(is_public(*IpAddress::parse(text)), text);
    for (const char* text : {"0.0.0.0",
                             "10.1.2.3",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.192",
                             "192.0.2.1",
                             "192.168.1.1",
                             "198.18.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "240.0.0.1",
                             "::",
                             "::1",
                             "::127.0.0.1",
                             "fe80::1",
                             "fc00::1",
                             "fd00:ec2::254",
                             "ff02::1",
                             "64:ff9b::7f00:1",
                             "2002:7f00:1::",
                             "2001::1",
                             "2001:db8::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "100::1"})
        BOOST_TEST(!is_public(*IpAddress::parse(text)), text);
}

BOOST_AUTO_TEST_CASE(what_is_checked_is_what_is_connected_to) {
    const auto found = check("http://127.0.0.1/x", {"127.0.0.0/8"});
    BOOST_TEST(found.size() == 1U);
    BOOST_TEST(found.front().address.value() == "127.0.0.1");
    BOOST_TEST(found.front().host == "127.0.0.1");
    for (const Endpoint& endpoint : check("http://localhost/", {"127.0.0.0/8", "::1"}))
        BOOST_TEST(IpAddress::parse(endpoint.address.value()).has_value());
}

BOOST_AUTO_TEST_CASE(one_forbidden_address_of_a_name_is_enough) {
    BOOST_TEST(is_refused("http://localhost/"));
    BOOST_TEST(is_refused("http://127.0.0.1/"));
    BOOST_TEST(is_refused("http://[::1]/"));
    BOOST_TEST(is_refused("http://[::ffff:127.0.0.1]/"));
    BOOST_TEST(is_refused("http://169.254.169.254/latest/meta-data"));
    BOOST_TEST(is_refused("http://127.0.0.2/", {"127.0.0.1"}));
}

BOOST_AUTO_TEST_CASE(numbers_in_disguise_are_refused_also_where_their_address_is_allowed) {
    for (const char* host : {"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.0x1", "127.0.0.1.",
                             "017700000001", "0X7F.0.0.1"})
        BOOST_TEST(is_refused("http://" + std::string(host) + "/", {"0.0.0.0/0"}), host);
}

BOOST_AUTO_TEST_CASE(only_the_ports_that_are_named_are_asked) {
    BOOST_TEST(tests::error_of(ErrorKind::forbidden, [] { check("http://127.0.0.1:22/", {"127.0.0.1"}); }) ==
               "the port 22 is not allowed; allowed ports: 80, 443");
    BOOST_TEST(check("http://127.0.0.1:8080/", {"127.0.0.1"}, {8080}).front().port == 8080);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve::net
