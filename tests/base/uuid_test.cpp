#include "base/uuid.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(uuid)

BOOST_AUTO_TEST_CASE(a_new_uuid_is_canonical_random_and_of_version_4) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string id = new_uuid();
        BOOST_REQUIRE(is_canonical_uuid(id));
        BOOST_REQUIRE_EQUAL(id[14], '4');
        BOOST_REQUIRE(std::string("89ab").find(id[19]) != std::string::npos);
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(any_other_form_is_refused) {
    BOOST_TEST(is_canonical_uuid("00000000-0000-0000-0000-000000000000"));
    for (const char* text : {"", "00000000000000000000000000000000", "0000000A-0000-0000-0000-000000000000",
                             "{0000000-0000-0000-0000-00000000000}", "00000000-0000-0000-0000-00000000000",
                             "00000000-0000-0000-0000-0000000000000", "00000000-0000-0000-0000-00000000000g",
                             "../../..-0000-0000-0000-000000000000", "000000000-000-0000-0000-000000000000"})
        BOOST_TEST(!is_canonical_uuid(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
