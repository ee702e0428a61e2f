#include "cli/console.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve::cli;

BOOST_AUTO_TEST_SUITE(console)

BOOST_AUTO_TEST_CASE(what_steers_a_terminal_is_not_printed) {
    BOOST_TEST(printable("a\033[2Jb\r\n\x7f") == "a?[2Jb???");
    BOOST_TEST(printable("\u009b2J \u202egnp.exe \u2066x\u200f") == "?2J ?gnp.exe ?x?");
    BOOST_TEST(printable_lines("a\033\nb\t") == "a?\nb?");
}

BOOST_AUTO_TEST_CASE(text_of_every_language_is_printed_as_it_is) {
    BOOST_TEST(printable("Größe 大小 \U0001F600") == "Größe 大小 \U0001F600");
}

BOOST_AUTO_TEST_CASE(a_byte_that_is_no_utf_8_is_not_printed) {
    BOOST_TEST(printable("a\x9b"
                         "b\xe2\x82") == "a?b??");
}

BOOST_AUTO_TEST_SUITE_END()
