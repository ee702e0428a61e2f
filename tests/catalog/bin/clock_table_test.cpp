#include "catalog/bin/clock_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(clock_table)

BOOST_FIXTURE_TEST_CASE(the_mark_of_the_clocks_is_kept, CatalogFixture) {
    catalog.write([](catalog::Connection& db) {
        BOOST_TEST(!catalog::clock_mark(db).has_value());
        catalog::set_clock_mark(db, {1234, 56, "a boot", 78, "in doubt"});
    });
    catalog.read([](catalog::Connection& db) {
        const auto mark = catalog::clock_mark(db).value();
        BOOST_TEST(mark.wall_us == 1234);
        BOOST_TEST(mark.boot_us == 56);
        BOOST_TEST(mark.boot_id == "a boot");
        BOOST_TEST(mark.hold_until_boot_us == 78);
        BOOST_TEST(mark.hold_reason == "in doubt");
    });
}

BOOST_AUTO_TEST_SUITE_END()
