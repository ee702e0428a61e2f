#include "http/wire/decimal.hpp"

#include <boost/test/unit_test.hpp>

using reprieve::http::parse_decimal;

BOOST_AUTO_TEST_SUITE(decimal)

BOOST_AUTO_TEST_CASE(digits_alone_are_a_number) {
    BOOST_TEST(parse_decimal("0").value() == 0U);
    BOOST_TEST(parse_decimal("007").value() == 7U);
    BOOST_TEST(parse_decimal("18446744073709551615").value() == UINT64_MAX);
    for (const char* text : {"", "+1", "-1", " 1", "1 ", "1x", "0x1", "1.0", "1,1"})
        BOOST_TEST(!parse_decimal(text), text);
}

BOOST_AUTO_TEST_CASE(beyond_64_bits_is_nothing_or_the_most) {
    BOOST_TEST(!parse_decimal("18446744073709551616"));
    BOOST_TEST(parse_decimal("18446744073709551616", true).value() == UINT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()
