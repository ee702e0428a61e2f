#include "catalog/engine/comma_list.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(comma_list)

BOOST_AUTO_TEST_CASE(words_come_back_as_they_were) {
    using Words = std::vector<std::string>;
    for (const Words& words : {Words{}, Words{"a"}, Words{"a", "b c", "d"}})
        BOOST_TEST(catalog::from_column(catalog::to_column(words)) == words, boost::test_tools::per_element());
    BOOST_TEST(catalog::to_column({"reader", "member"}) == "reader,member");
    BOOST_TEST(catalog::from_column("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
