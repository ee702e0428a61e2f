#include "cli/console.hpp"

#include <boost/test/unit_test.hpp>
#include <iostream>
#include <sstream>

using namespace reprieve;
using cli::printable;
using cli::printable_lines;

BOOST_AUTO_TEST_SUITE(console)

namespace {

/// Replaces the buffer of a standard stream, so that a test reads its output or supplies its input. The destructor
/// restores it.
class Redirected {
public:
    Redirected(std::ios& stream, std::stringbuf* to) : stream_(stream), before_(stream.rdbuf(to)) {}
    Redirected(const Redirected&) = delete;
    Redirected& operator=(const Redirected&) = delete;
    ~Redirected() { stream_.rdbuf(before_); }

private:
    std::ios& stream_;
    std::streambuf* before_;
};

std::string table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows) {
    std::stringbuf out;
    const Redirected redirected(std::cout, &out);
    cli::print_table(heading, rows);
    return out.str();
}

bool confirmed(const std::string& answer) {
    std::stringbuf in(answer), question;
    const Redirected input(std::cin, &in), output(std::cerr, &question);
    const bool result = cli::confirm("Really?");
    BOOST_TEST(question.str() == "Really? [y/N] ");
    std::cin.clear();
    return result;
}

constexpr std::int64_t second_us = 1'000'000;

}  // namespace

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_widest_cell) {
    BOOST_TEST(table({"ID", "NAME"}, {{"1", "a"}, {"1234", "\xc3\xa9t\xc3\xa9"}}) ==
               "ID    NAME\n1     a\n1234  \xc3\xa9t\xc3\xa9\n");
    BOOST_TEST(table({"A", "B"}, {{"\xc3\xa9\xc3\xa9", "x"}, {"ee", "y"}}) == "A   B\n\xc3\xa9\xc3\xa9  x\nee  y\n");
    BOOST_TEST(table({"ID"}, {}) == "ID\n");
}

BOOST_AUTO_TEST_CASE(a_name_cannot_steer_the_terminal) {
    BOOST_TEST(table({"N"}, {{"a\x1b[2J\n\t\x7f"}}) == "N\na?[2J???\n");
    BOOST_TEST(table({"N"}, {{"a\xc2\x9b"
                              "2J\xc2\xa0"}}) == "N\na?2J\xc2\xa0\n");
    BOOST_TEST(table({"N"}, {{"a\x9b\xff"}}) == "N\na??\n");
}

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

BOOST_AUTO_TEST_CASE(durations_are_told_in_two_units_at_most) {
    BOOST_TEST(cli::human_duration(-5) == "now");
    BOOST_TEST(cli::human_duration(second_us - 1) == "now");
    BOOST_TEST(cli::human_duration(second_us) == "1 s");
    BOOST_TEST(cli::human_duration(60 * second_us - 1) == "59 s");
    BOOST_TEST(cli::human_duration(60 * second_us) == "1 min");
    BOOST_TEST(cli::human_duration(3600 * second_us) == "1 h 0 min");
    BOOST_TEST(cli::human_duration(15'000 * second_us) == "4 h 10 min");
    BOOST_TEST(cli::human_duration(86'400 * second_us) == "1 d 0 h");
    BOOST_TEST(cli::human_duration(7 * 86'400 * second_us - 1) == "6 d 23 h");
}

BOOST_AUTO_TEST_CASE(only_a_clear_yes_confirms) {
    for (const char* yes : {"y\n", "Y\n", "yes\n", "y"}) BOOST_TEST(confirmed(yes), yes);
    for (const char* no : {"", "\n", "n\n", "yess\n", " y\n", "no\n"}) BOOST_TEST(!confirmed(no), no);
}

BOOST_AUTO_TEST_SUITE_END()
