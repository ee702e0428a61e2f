#include "base/joined.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(joined_parts)

BOOST_AUTO_TEST_CASE(a_separator_stands_between_parts_and_nowhere_else) {
    BOOST_TEST(joined(std::vector<std::string>{}, ", ") == "");
    BOOST_TEST(joined(std::vector<std::string>{"a"}, ", ") == "a");
    BOOST_TEST(joined(std::vector<std::string>{"a", "", "c"}, ", ") == "a, , c");
}

BOOST_AUTO_TEST_CASE(a_function_says_how_each_part_is_written) {
    BOOST_TEST(joined(std::vector<int>{1, 20, 3}, "+", [](int n) { return std::to_string(n); }) == "1+20+3");
    BOOST_TEST(joined(std::vector<int>{1, 2}, ", ", [](int) { return "?"; }) == "?, ?");
}

BOOST_AUTO_TEST_SUITE_END()
