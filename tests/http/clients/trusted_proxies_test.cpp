#include "http/clients/trusted_proxies.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using http::Fields;
using http::TrustedProxies;

BOOST_AUTO_TEST_SUITE(trusted_proxies)

namespace {

TrustedProxies proxies() {
    return TrustedProxies({AddressBlock("10.0.0.0/8"), AddressBlock("127.0.0.1"), AddressBlock("2001:db8::/32")});
}

std::string client_of(const Fields& headers) {
    const auto address = proxies().read(headers).address;
    return address ? address->text() : "nobody";
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_client_is_the_rightmost_address_that_is_no_proxy) {
    BOOST_TEST(client_of({{"x-forwarded-for", "192.0.2.7"}}) == "192.0.2.7");
    BOOST_TEST(client_of({{"x-forwarded-for", "127.0.0.1, 192.0.2.7,10.1.1.1"}}) == "192.0.2.7");
    BOOST_TEST(client_of({{"x-forwarded-for", "1.1.1.1, 192.0.2.7"}, {"x-forwarded-for", "10.2.2.2"}}) == "192.0.2.7");
    BOOST_TEST(client_of({{"x-forwarded-for", "10.9.9.9, 10.2.2.2"}}) == "10.9.9.9");
    BOOST_TEST(client_of({{"x-forwarded-for", "::ffff:192.0.2.7"}}) == "192.0.2.7");
    BOOST_TEST(client_of({{"host", "a"}}) == "nobody");
}

BOOST_AUTO_TEST_CASE(what_stands_before_the_client_is_not_even_read) {
    BOOST_TEST(client_of({{"x-forwarded-for", "<script>, 192.0.2.7"}}) == "192.0.2.7");
}

BOOST_AUTO_TEST_CASE(an_address_may_come_with_its_port) {
    BOOST_TEST(client_of({{"x-forwarded-for", "192.0.2.7:1234"}}) == "192.0.2.7");
    BOOST_TEST(client_of({{"x-forwarded-for", "[2001:dba::5]:80"}}) == "2001:dba::5");
    BOOST_TEST(client_of({{"x-forwarded-for", "2001:dba::5"}}) == "2001:dba::5");
}

BOOST_AUTO_TEST_CASE(nonsense_of_a_proxy_is_refused) {
    std::string many = "10.0.0.1";
    for (int i = 0; i < 40; ++i) many += ",10.0.0.1";
    for (const Fields& headers : std::initializer_list<Fields>{{{"x-forwarded-for", "unknown"}},
                                                               {{"x-forwarded-for", ""}},
                                                               {{"x-forwarded-for", "192.0.2.7:"}},
                                                               {{"x-forwarded-for", "192.0.2.7:x"}},
                                                               {{"x-forwarded-for", "192.0.2.256"}},
                                                               {{"x-forwarded-for", many}},
                                                               {{"x-forwarded-proto", "gopher"}},
                                                               {{"x-forwarded-proto", "https, http"}},
                                                               {{"x-forwarded-host", "a b"}},
                                                               {{"x-forwarded-host", "a/b"}},
                                                               {{"x-forwarded-host", "a"}, {"x-forwarded-host", "b"}}})
        BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { proxies().read(headers); }),
                   headers.front().first << ": " << headers.front().second);
}

BOOST_AUTO_TEST_CASE(scheme_and_host_are_those_of_the_client) {
    const auto origin = proxies().read({{"x-forwarded-proto", "HTTPS"}, {"x-forwarded-host", "images.example.org"}});
    BOOST_TEST(origin.is_https.value_or(false));
    BOOST_TEST(origin.host == "images.example.org");
    BOOST_TEST(!proxies().read({}).is_https.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
