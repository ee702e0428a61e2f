#include "base/percent_encoding.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(all_but_the_unreserved_characters_are_percent_encoded) {
    BOOST_TEST(reprieve::percent_encode("aZ09-._~") == "aZ09-._~");
    BOOST_TEST(reprieve::percent_encode(" &+/%\u00e4") == "%20%26%2B%2F%25%C3%A4");
}
