#include "base/ip_address.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(ip_address)

namespace {

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

}  // namespace

BOOST_AUTO_TEST_CASE(an_address_is_read_in_all_its_spellings) {
    BOOST_TEST(address("192.0.2.1").text() == "192.0.2.1");
    BOOST_TEST(address("2001:DB8:0:0::1").text() == "2001:db8::1");
    BOOST_TEST(address("[::1]").text() == "::1");
    BOOST_TEST((address("::ffff:192.0.2.1") == address("192.0.2.1")));
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
    for (const std::string_view text :
         {"", "localhost", "192.0.2", "192.0.2.1.5", "192.0.2.01x", "0x7f.1", "[192.0.2.1]", "fe80::1%lo", "::1]",
          "192.0.2.1 ", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb"})
        BOOST_TEST(!IpAddress::parse(text).has_value(), text);
    BOOST_TEST(!IpAddress::parse(std::string_view("::1\0x", 5)).has_value());
}

BOOST_AUTO_TEST_CASE(loopback_is_known) {
    for (const char* text : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"})
        BOOST_TEST(address(text).is_loopback(), text);
    for (const char* text : {"128.0.0.1", "::2", "0.0.0.0", "::"}) BOOST_TEST(!address(text).is_loopback(), text);
}

BOOST_AUTO_TEST_CASE(a_block_holds_what_begins_as_it_does) {
    const AddressBlock ten("10.0.0.0/8");
    BOOST_TEST(ten.contains(address("10.255.1.2")));
    BOOST_TEST(ten.contains(address("::ffff:10.1.1.1")));
    BOOST_TEST(!ten.contains(address("11.0.0.0")));
    BOOST_TEST(!ten.contains(address("a00::")));
    const AddressBlock odd("192.0.2.160/27");
    BOOST_TEST(odd.contains(address("192.0.2.191")));
    BOOST_TEST(!odd.contains(address("192.0.2.192")));
    BOOST_TEST(!odd.contains(address("192.0.2.159")));
    BOOST_TEST(AddressBlock("0.0.0.0/0").contains(address("9.9.9.9")));
    BOOST_TEST(!AddressBlock("0.0.0.0/0").contains(address("2001:db8::1")));
    BOOST_TEST(AddressBlock("2001:db8::/32").contains(address("2001:db8:ffff::1")));
    BOOST_TEST(AddressBlock("192.0.2.1").contains(address("192.0.2.1")));
    BOOST_TEST(!AddressBlock("192.0.2.1").contains(address("192.0.2.2")));
}

BOOST_AUTO_TEST_CASE(a_block_that_is_none_is_refused_with_advice) {
    for (const char* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "proxy/8", "/8"})
        BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { AddressBlock block(text); }), text);
    const std::string advice = tests::error_of(ErrorKind::bad_request, [] { AddressBlock block("10.0.0.5/8"); });
    BOOST_TEST(advice.find("10.0.0.0/8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_client_of_ipv6_has_a_whole_network) {
    const auto client = [](const char* text) { return client_network(IpAddress::parse(text).value()).text(); };
    BOOST_TEST(client("2001:db8:1:2::1") == client("2001:db8:1:2:ffff::9"));
    BOOST_TEST(client("2001:db8:1:2::1") != client("2001:db8:1:3::1"));
    BOOST_TEST(client("192.0.2.1") == "192.0.2.1");
    BOOST_TEST(client("::ffff:192.0.2.1") == "192.0.2.1");
}

BOOST_AUTO_TEST_SUITE_END()
