#include "http/wire/percent_encoding.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::http;
using tests::error_of;
using tests::throws;

BOOST_AUTO_TEST_SUITE(http_percent_encoding)

BOOST_AUTO_TEST_CASE(a_percent_and_two_digits_are_one_byte) {
    BOOST_TEST(decode_percent("", false, "path") == "");
    BOOST_TEST(decode_percent("a%20b%2Fc%2f", false, "path") == "a b/c/");
    BOOST_TEST(decode_percent("%C3%A9%ff", false, "path") == "\xc3\xa9\xff");
    BOOST_TEST(decode_percent("%2525", false, "path") == "%25");
}

BOOST_AUTO_TEST_CASE(a_plus_is_a_space_in_a_query_alone) {
    BOOST_TEST(decode_percent("a+b%2B", false, "path") == "a+b+");
    BOOST_TEST(decode_percent("a+b%2B", true, "query") == "a b+");
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_refused_by_name) {
    for (const char* text : {"%", "%2", "a%", "%g0", "%0g", "%%20", "%-1", "% 1"})
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { decode_percent(text, false, "path"); }) ==
                       "The path holds a % without two hexadecimal digits after it.",
                   text);
    BOOST_TEST(error_of(ErrorKind::bad_request, [] { decode_percent("a%00", true, "query"); }) ==
               "The query holds a NUL.");
}

BOOST_AUTO_TEST_CASE(a_query_is_split_before_it_is_decoded) {
    const auto is = [](const char* text, const Fields& wanted) { BOOST_TEST((parse_query(text) == wanted), text); };
    is("", {});
    is("a=1&b=2", {{"a", "1"}, {"b", "2"}});
    is("&&a=1&", {{"a", "1"}});
    is("a&b=", {{"a", ""}, {"b", ""}});
    is("a=1=2&a=3", {{"a", "1=2"}, {"a", "3"}});
    is("%61%26=x%3Dy+z", {{"a&", "x=y z"}});
    is("=x", {{"", "x"}});
    BOOST_TEST(throws(ErrorKind::bad_request, [] { parse_query("a=1&b=%"); }));
}

BOOST_AUTO_TEST_SUITE_END()
