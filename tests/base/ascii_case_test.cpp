#include "base/ascii_case.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(ascii_case)

BOOST_AUTO_TEST_CASE(only_letters_of_ascii_change) {
    BOOST_TEST(to_lower("ABCxyz-019_[@`{") == "abcxyz-019_[@`{");
    BOOST_TEST(to_lower("\xc3\x84\xe4") == "\xc3\x84\xe4");
    BOOST_TEST(to_lower("") == "");
}

BOOST_AUTO_TEST_CASE(words_are_equal_but_for_the_case_of_their_letters) {
    BOOST_TEST(equals_ignoring_case("Content-Type", "cONTENT-tYPE"));
    BOOST_TEST(equals_ignoring_case("", ""));
    for (const char* other : {"content-typ", "content-types", "content_type", ""})
        BOOST_TEST(!equals_ignoring_case("Content-Type", other), other);
    // '@' and '`' differ only in the bit that makes a letter upper case or lower case.
    BOOST_TEST(!equals_ignoring_case("@", "`"));
}

BOOST_AUTO_TEST_SUITE_END()
