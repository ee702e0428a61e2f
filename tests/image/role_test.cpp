#include "image/role.hpp"

#include <boost/test/unit_test.hpp>

using reprieve::with_included;

BOOST_AUTO_TEST_SUITE(role)

namespace {

using Roles = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_CASE(each_role_includes_the_lower_ones) {
    BOOST_TEST(with_included({"admin"}) == (Roles{"admin", "member", "reader"}), boost::test_tools::per_element());
    BOOST_TEST(with_included({"member"}) == (Roles{"member", "reader"}), boost::test_tools::per_element());
    BOOST_TEST(with_included({"reader"}) == (Roles{"reader"}), boost::test_tools::per_element());
    BOOST_TEST(with_included({"service"}) == (Roles{"service"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_role_is_there_twice) {
    BOOST_TEST(with_included({"reader", "admin"}) == (Roles{"reader", "admin", "member"}),
               boost::test_tools::per_element());
    BOOST_TEST(with_included({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
