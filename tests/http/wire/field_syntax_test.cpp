#include "http/wire/field_syntax.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace reprieve::http;

namespace {

/// Returns the elements of the list, each in brackets.
std::string elements_of(std::string_view list) {
    std::string text;
    for (const auto element : list_elements(list)) text.append("[").append(element).append("]");
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(field_syntax)

BOOST_AUTO_TEST_CASE(a_list_is_split_at_its_commas) {
    BOOST_TEST(elements_of("a") == "[a]");
    BOOST_TEST(elements_of("a,b") == "[a][b]");
    BOOST_TEST(elements_of(" a b\t,c;d=e ,\tf ") == "[a b][c;d=e][f]");
}

BOOST_AUTO_TEST_CASE(empty_elements_are_left_out) {
    for (const char* list : {"", " ", ",", " , ,\t,"}) BOOST_TEST(elements_of(list) == "", "'" << list << "'");
    BOOST_TEST(elements_of(",a, ,b,") == "[a][b]");
}

BOOST_AUTO_TEST_CASE(a_comma_within_quotes_separates_nothing) {
    BOOST_TEST(elements_of(R"(a="b,c", d)") == R"([a="b,c"][d])");
    BOOST_TEST(elements_of(R"(a="b\",c", d)") == R"([a="b\",c"][d])");
    BOOST_TEST(elements_of(R"(a="b\\", d)") == R"([a="b\\"][d])");
}

BOOST_AUTO_TEST_CASE(quotes_that_do_not_end_reach_to_the_end) {
    BOOST_TEST(elements_of(R"(a, "b, c)") == R"([a]["b, c])");
    BOOST_TEST(elements_of("a, \"b\\") == "[a][\"b\\]");
    BOOST_TEST(elements_of("\"") == "[\"]");
}

BOOST_AUTO_TEST_CASE(a_token_holds_no_separator) {
    for (const char* text : {"GET", "x-image-meta-store", "!#$%&'*+-.^_`|~09"}) BOOST_TEST(is_token(text), text);
    for (const char* text : {"", " ", "a b", "a:", "a(b)", "\xc3\xa9", "a\n"}) BOOST_TEST(!is_token(text), text);
}

BOOST_AUTO_TEST_CASE(a_value_holds_no_control_character_but_the_tab) {
    for (const char* text : {"", "a\tb", "caf\xc3\xa9"}) BOOST_TEST(is_field_value(text), text);
    for (const char* text : {"a\nb", "a\rb", "\x7f", "\x1f"}) BOOST_TEST(!is_field_value(text));
    BOOST_TEST(!is_field_value(std::string_view("\0", 1)));
}

BOOST_AUTO_TEST_CASE(an_authority_has_neither_user_nor_path) {
    for (const char* text : {"", "a.b:80", "[::1]:9292", "xn--bcher-kva.example"}) BOOST_TEST(is_authority(text), text);
    for (const char* text : {"user@host", "host/path", "a b", "a?b", "a#b", "a\\b"})
        BOOST_TEST(!is_authority(text), text);
    BOOST_TEST(!is_authority(std::string(301, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
