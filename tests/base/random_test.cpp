#include "base/random.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(random_suite)

BOOST_AUTO_TEST_CASE(each_text_is_another_one_of_the_length_that_was_asked_for) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string text = random_hex(16);
        BOOST_TEST(text.size() == 32);
        BOOST_TEST(text.find_first_not_of("0123456789abcdef") == std::string::npos);
        seen.insert(text);
    }
    BOOST_TEST(seen.size() == 1000);
    BOOST_TEST(random_hex(0).empty());
    BOOST_TEST(random_hex(1000).size() == 2000);
}

BOOST_AUTO_TEST_SUITE_END()
