#include "base/saturating.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(saturating)

BOOST_AUTO_TEST_CASE(what_has_no_number_becomes_the_nearest_one) {
    BOOST_TEST(saturating_add(2, -3) == -1);
    BOOST_TEST(saturating_add(INT64_MAX, 1) == INT64_MAX);
    BOOST_TEST(saturating_add(INT64_MIN, -1) == INT64_MIN);
    BOOST_TEST(saturating_add(INT64_MAX, INT64_MIN) == -1);
    BOOST_TEST(saturating_subtract(2, 3) == -1);
    BOOST_TEST(saturating_subtract(INT64_MIN, 1) == INT64_MIN);
    BOOST_TEST(saturating_subtract(0, INT64_MIN) == INT64_MAX);
    BOOST_TEST(saturating_subtract(INT64_MIN, INT64_MIN) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
