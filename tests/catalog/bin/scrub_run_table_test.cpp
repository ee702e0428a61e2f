#include "catalog/bin/scrub_run_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(scrub_run_table)

BOOST_FIXTURE_TEST_CASE(runs_are_kept_the_newest_first_and_not_for_ever, CatalogFixture) {
    catalog.write([](catalog::Connection& db) {
        catalog::ScrubRun run;
        for (int i = 1; i <= 1005; ++i) {
            run.started_at = i;
            run.ended_at.reset();
            run.trigger = "timer";
            catalog::insert_run(db, run);
        }
        run.ended_at = 2000;
        run.images = 3;
        run.bytes_freed = 4;
        run.failures = 5;
        catalog::update_run(db, run);
    });
    catalog.read([](catalog::Connection& db) {
        const auto runs = catalog::last_runs(db, 10'000);
        BOOST_REQUIRE(runs.size() == 1000U);
        BOOST_TEST(runs[0].started_at == 1005);
        BOOST_TEST(runs[0].ended_at.value() == 2000);
        BOOST_TEST(runs[0].trigger == "timer");
        BOOST_TEST(runs[0].images == 3U);
        BOOST_TEST(runs[0].bytes_freed == 4U);
        BOOST_TEST(runs[0].failures == 5U);
        BOOST_TEST(!runs[1].ended_at.has_value());
        BOOST_TEST(catalog::last_runs(db, 2).size() == 2U);
    });
}

BOOST_AUTO_TEST_SUITE_END()
