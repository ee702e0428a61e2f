#include "base/utf8.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(the_first_character_tells_its_code_and_its_bytes) {
    const auto is = [](std::string_view text, char32_t code, std::size_t bytes) {
        const auto found = first_character(text);
        return found && found->code == code && found->bytes == bytes;
    };
    BOOST_TEST(is("az", U'a', 1));
    BOOST_TEST(is("\u00e4z", U'\u00e4', 2));
    BOOST_TEST(is("\u20acz", U'\u20ac', 3));
    BOOST_TEST(is("\U0010FFFFz", U'\U0010FFFF', 4));
}

BOOST_AUTO_TEST_CASE(characters_are_counted_and_not_bytes) {
    BOOST_TEST(utf8_length("").value() == 0U);
    BOOST_TEST(utf8_length("abc").value() == 3U);
    BOOST_TEST(utf8_length("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7").value() == 3U);
    BOOST_TEST(utf8_length(std::string_view("a\0b", 3)).value() == 3U);
}

BOOST_AUTO_TEST_CASE(the_first_and_the_last_of_every_length_are_valid) {
    for (const char* text : {"\x01", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                             "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        BOOST_TEST(utf8_length(text).value_or(0) == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_replaced_byte_by_byte) {
    BOOST_TEST(as_utf8("") == "");
    BOOST_TEST(as_utf8("a\u00e4\u4e2d\U0001f600") == "a\u00e4\u4e2d\U0001f600");
    BOOST_TEST(as_utf8("a\xff"
                       "b\xc3") ==
               "a\ufffd"
               "b\ufffd");
    BOOST_TEST(as_utf8("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");  // half of a surrogate pair
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_has_no_length) {
    for (const char* text : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x9f\xbf", "\xe2\x82",
                             "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x90", "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80", "\xff", "good\xfe"})
        BOOST_TEST(!utf8_length(text).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
