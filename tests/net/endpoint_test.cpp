#include "net/endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/error_of.hpp"

namespace reprieve::net {

BOOST_AUTO_TEST_SUITE(endpoint)

BOOST_AUTO_TEST_CASE(a_url_is_taken_apart) {
    const Url plain = parse_url("http://keystone.example.org:5000/v3/auth?x=1");
    BOOST_TEST(!plain.endpoint.is_tls);
    BOOST_TEST(plain.endpoint.host == "keystone.example.org");
    BOOST_TEST(plain.endpoint.port == 5000);
    BOOST_TEST(plain.path == "/v3/auth?x=1");
    BOOST_TEST(host_header(plain.endpoint) == "keystone.example.org:5000");
}

BOOST_AUTO_TEST_CASE(the_scheme_gives_the_port_and_the_path_is_never_empty) {
    const Url url = parse_url("https://[::1]");
    BOOST_TEST(url.endpoint.is_tls);
    BOOST_TEST(url.endpoint.host == "::1");
    BOOST_TEST(url.endpoint.port == 443);
    BOOST_TEST(url.path == "/");
    BOOST_TEST(host_header(url.endpoint) == "[::1]");
    BOOST_TEST(parse_url("http://a?b").path == "/?b");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused) {
    for (const char* text :
         {"", "a", "ftp://a", "http://", "http:///a", "http://a:", "http://a:0", "http://a:65536", "http://a:5x",
          "http://u@a", "http://u:p@a", "http://a b", "http://a/\r\nX: y", "http://a#b", "http://[::1", "http://[::1]5",
          "http://[x]/", "http://a\\b", "http://\xc3\xa4/"})
        BOOST_TEST(tests::error_of(ErrorKind::bad_request, [&] { parse_url(text); }).starts_with("this is not a valid"),
                   text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve::net
