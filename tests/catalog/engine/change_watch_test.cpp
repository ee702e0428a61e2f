#include "catalog/engine/change_watch.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "base/error.hpp"
#include "catalog/bin/scrub_run_table.hpp"
#include "catalog/identity/token_table.hpp"
#include "catalog/images/member_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "tests/catalog/catalog_fixture.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using catalog::Connection;

namespace {

struct Watched : CatalogFixture {
    Topics told;
    int times = 0;

    Watched() {
        catalog.when_changed([this](Topics changed) {
            told.add(changed);
            ++times;
        });
    }

    /// Runs `work` as a write. Returns the topics that the catalog reported as changed.
    Topics changes(const std::function<void(Connection&)>& work) {
        told = {};
        catalog.write(work);
        return std::exchange(told, {});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(change_watch, Watched)

BOOST_AUTO_TEST_CASE(a_transaction_tells_what_it_has_changed) {
    Image image = new_image();
    BOOST_TEST((changes([&](Connection& db) { catalog::insert_image(db, image); }) == Topics{Topic::images}));
    BOOST_TEST((changes([&](Connection& db) {
                    catalog::insert_member(db, image.number, {"lab", MemberStatus::pending, 5, 5});
                }) == Topics{Topic::images}));
    BOOST_TEST(
        (changes([&](Connection& db) { catalog::delete_member(db, image.number, "lab"); }) == Topics{Topic::images}));
    catalog::ScrubRun run;
    BOOST_TEST((changes([&](Connection& db) {
                    catalog::insert_run(db, run);
                    catalog::record_event(db, done_by(Caller(), 1, "scrubber.run", ""));
                }) == Topics{Topic::scrubber, Topic::events}));
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_may_end_a_session_and_a_new_one_does_not) {
    const catalog::Token token{"hash", "audit", "", "admin", "default", std::nullopt, {"password"}, 1, 2};
    BOOST_TEST(changes([&](Connection& db) { BOOST_TEST(catalog::insert_token(db, token)); }).empty());
    BOOST_TEST(
        (changes([&](Connection& db) { BOOST_TEST(catalog::delete_token(db, "hash")); }) == Topics{Topic::sessions}));
    BOOST_TEST((changes([&](Connection& db) { db.run("UPDATE users SET is_enabled = 0 WHERE id = 'admin'"); }) ==
                Topics{Topic::people, Topic::sessions}));
}

BOOST_AUTO_TEST_CASE(what_is_undone_or_only_read_is_not_told) {
    BOOST_TEST(throws(ErrorKind::conflict, [&] {
        catalog.write([&](Connection& db) {
            Image image = new_image();
            catalog::insert_image(db, image);
            throw Error(ErrorKind::conflict, "no");
        });
    }));
    BOOST_TEST(times == 0);
    BOOST_TEST(changes([](Connection& db) { db.run("SELECT 1"); }).empty());
    BOOST_TEST(told.empty());
}

BOOST_AUTO_TEST_CASE(many_who_write_at_once_are_told_of_together_and_none_is_left_out) {
    std::vector<std::thread> threads;
    std::atomic<int> written = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n) {
                insert(new_image());
                ++written;
            }
        });
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(written == 160);
    BOOST_TEST(times > 0);
    BOOST_TEST(times <= 160);
    BOOST_TEST((told == Topics{Topic::images}));
}

BOOST_AUTO_TEST_SUITE_END()
