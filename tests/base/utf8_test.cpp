#include "base/utf8.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(characters_are_counted_not_bytes) {
    BOOST_TEST(utf8_length("").value() == 0U);
    BOOST_TEST(utf8_length("aä€\U0001F600").value() == 4U);
}

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

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_is_told_from_it) {
    for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80", "\xe2\x82",
                             "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
        BOOST_TEST(!first_character(text));
        BOOST_TEST(!utf8_length("a" + std::string(text)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
