#include "service/bin/scrubber.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <future>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using service::Scrubber;
using service::ScrubScope;

namespace {

/// Longest wait for a pass, in microseconds. No successful test reaches it.
constexpr std::int64_t patience_us = 600 * us_per_second;
const ScrubScope due{};
const ScrubScope whole_bin{ScrubScope::Kind::bin, {}, {}};

/// Services whose scrubber a test can stop inside a call of a store. The destructor releases held calls.
struct Running : ServiceFixture {
    ~Running() { release(); }
    void release() {
        for (const auto operation : {Operation::remove, Operation::flush}) local->release(operation);
    }
    std::future<Scrubber::Progress> ask(const ScrubScope& scope) {
        return std::async(std::launch::async, [this, scope] { return scrubber.run(scope, patience_us); });
    }
    std::vector<catalog::ScrubRun> runs() { return scrubber.state().last_runs; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(scrubber, Running)

BOOST_AUTO_TEST_CASE(the_first_pass_finishes_what_a_crash_left_half_done) {
    const Image image = binned();
    write("UPDATE images SET status = 7");
    local->hold(Operation::remove);
    scrubber.start();
    local->wait_until_held(Operation::remove);
    release();
    scrubber.run(due, patience_us);
    BOOST_TEST(status_of(image) == Status::deleted);
    const auto rows = runs();
    BOOST_TEST(std::ranges::count_if(rows, [](const auto& run) { return run.trigger == "timer" && run.images == 1; }) ==
               1);
}

BOOST_AUTO_TEST_CASE(it_wakes_for_a_deadline_that_is_sooner_than_its_sleep) {
    scrubber.start();
    const Image image = binned();
    scrubber.run(due, patience_us);
    BOOST_TEST(status_of(image) == Status::pending_delete);
    local->hold(Operation::remove);
    write("UPDATE images SET scrub_after = " + std::to_string(clock.now_us()));
    scrubber.falls_due(clock.now_us());
    local->wait_until_held(Operation::remove);
    BOOST_TEST(status_of(image) == Status::scrubbing);
}

BOOST_AUTO_TEST_CASE(a_delete_without_a_bin_is_scrubbed_at_once) {
    service::Images without_bin(catalog, clock, guard, running, scrubber, quotas, locations, image_options(false));
    scrubber.start();
    scrubber.run(due, patience_us);
    const Image image = active();
    local->hold(Operation::remove);
    without_bin.remove(alice, image.id);
    local->wait_until_held(Operation::remove);
    release();
    scrubber.run(due, patience_us);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(a_purge_waits_for_the_batch_and_not_for_the_pass) {
    std::vector<Image> all;
    catalog.write([&](catalog::Connection& db) {
        all.clear();
        for (int i = 0; i < 1500; ++i) {
            Image image;
            image.id = new_uuid();
            image.owner = "default";
            image.status = Status::active;
            const std::string uri = local->put(image.id, "x");
            image.locations = {{.store = "local", .uri = uri, .state = Location::State::stored, .size = 1}};
            catalog::insert_image(db, image);
            image.status = Status::pending_delete;
            image.deletion = Deletion{.deleted_at = 1, .deleted_by = "alice", .scrub_after = INT64_MAX};
            catalog::update_image_row(db, image);
            all.push_back(image);
        }
    });
    local->hold(Operation::flush);
    scrubber.start();
    auto emptying = ask(whole_bin);
    local->wait_until_held(Operation::flush);
    BOOST_TEST(scrubber.state().running.has_value());
    auto purging = ask(purge_of(all.back()));
    // Normally the purge waits already. If its thread is slow, a later batch serves it, or finds the image deleted.
    local->release(Operation::flush);
    const auto emptied = emptying.get();
    BOOST_TEST(emptied.is_done);
    BOOST_TEST(emptied.report.failures == 0U);
    try {
        const auto purged = purging.get();
        BOOST_TEST(purged.report.images == 1U);
        BOOST_TEST(emptied.report.images == 1499U);
    } catch (const Error& error) {
        BOOST_TEST((error.kind() == ErrorKind::not_found));
        BOOST_TEST(emptied.report.images == 1500U);
    }
    BOOST_TEST(local->image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(every_pass_that_was_asked_for_leaves_a_row) {
    const Image image = binned("bytes"), blocked = binned();
    local->block(uri(blocked), "in use");
    scrubber.start();
    const auto purged = scrubber.run(purge_of(image), patience_us);
    BOOST_TEST(purged.is_done);
    BOOST_TEST(purged.report.images == 1U);
    scrubber.run(whole_bin, patience_us);
    scrubber.run(due, patience_us);
    const auto rows = runs();
    BOOST_REQUIRE(rows.size() == 3U);
    BOOST_TEST(rows[2].trigger == "purge");
    BOOST_TEST(rows[2].images == 1U);
    BOOST_TEST(rows[2].bytes_freed == 5U);
    BOOST_TEST(rows[1].trigger == "empty");
    BOOST_TEST(rows[1].failures == 1U);
    BOOST_TEST(rows[0].trigger == "request");
    for (const auto& row : rows) BOOST_TEST(row.ended_at.value() == clock.now_us());
}

BOOST_AUTO_TEST_CASE(a_pass_of_the_timer_that_finds_nothing_leaves_no_row) {
    scrubber.start();
    scrubber.run(purge_of(binned()), patience_us);
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_pass_that_fails_as_a_whole_tells_who_asked_and_ends_its_row) {
    const Image image = binned();
    scrubber.start();
    refuse_status(Status::scrubbing);
    BOOST_TEST(error_of(ErrorKind::internal, [&] { scrubber.run(whole_bin, patience_us); }).find("told to fail") !=
               std::string::npos);
    heal_catalog();
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST(runs()[0].ended_at.has_value());
    BOOST_TEST(scrubber.run(whole_bin, patience_us).report.images == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_waits_no_longer_than_allowed_gets_an_unfinished_pass) {
    const Image image = binned();
    local->hold(Operation::remove);
    scrubber.start();
    BOOST_TEST(!scrubber.run(purge_of(image), 0).is_done);
    local->wait_until_held(Operation::remove);
    release();
    scrubber.run(due, patience_us);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_behind_the_batch_that_runs_and_tells_who_waits) {
    const Image image = binned(), other = binned();
    local->hold(Operation::remove);
    scrubber.start();
    auto first = ask(purge_of(image));
    local->wait_until_held(Operation::remove);
    std::promise<void> is_asking;
    auto second = std::async(std::launch::async, [&] {
        is_asking.set_value();
        return scrubber.run(purge_of(other), patience_us);
    });
    is_asking.get_future().wait();
    auto stopping = std::async(std::launch::async, [&] { scrubber.stop(); });
    // Only stop() makes a waiting purge fail, so it has begun.
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { second.get(); }).starts_with("the appliance is stopping"));
    release();
    stopping.get();
    BOOST_TEST(first.get().report.images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(status_of(other) == Status::pending_delete);
    scrubber.stop();
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] {
                   scrubber.run(due, patience_us);
               }).starts_with("the appliance is stopping"));
}

BOOST_AUTO_TEST_CASE(whoever_waits_is_let_go_before_a_stop) {
    const Image image = binned();
    local->hold(Operation::remove);
    scrubber.start();
    auto waiting = ask(purge_of(image));
    local->wait_until_held(Operation::remove);
    scrubber.end_waits();
    BOOST_TEST(!waiting.get().is_done);
    BOOST_TEST(!scrubber.run(whole_bin, patience_us).is_done);
    release();
}

BOOST_AUTO_TEST_CASE(a_stop_tells_who_waits_where_the_thread_never_ran) {
    std::promise<void> is_asking;
    auto waiting = std::async(std::launch::async, [&] {
        is_asking.set_value();
        return scrubber.run(due, patience_us);
    });
    is_asking.get_future().wait();
    scrubber.stop();
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { waiting.get(); }).starts_with("the appliance is stopping"));
}

BOOST_AUTO_TEST_CASE(without_automatic_only_what_is_asked_for_is_scrubbed) {
    Scrubber attended(catalog, stores, clock, guard, scrubber_options(false));
    const Image image = binned(), other = binned();
    clock.advance_us(retention_us);
    attended.start();
    attended.falls_due(clock.now_us());
    BOOST_TEST(attended.run(purge_of(image), patience_us).report.images == 1U);
    attended.falls_due(clock.now_us());
    error_of(ErrorKind::not_found, [&] { attended.run(purge_of(image), patience_us); });
    BOOST_TEST(status_of(other) == Status::pending_delete);
    BOOST_TEST(attended.run(due, patience_us).report.images == 1U);
}

BOOST_AUTO_TEST_CASE(rows_of_deleted_images_go_after_their_time_and_their_ids_stay_used) {
    const Image image = queued();
    images.remove(alice, image.id);
    clock.advance_us(31 * 86'400 * us_per_second);
    const Image witness = binned();
    write("UPDATE images SET scrub_after = 1 WHERE id = '" + witness.id + "'");
    local->hold(Operation::remove);
    scrubber.start();
    local->wait_until_held(Operation::remove);
    release();
    // This run begins after the timer's pass has ended, and that pass also removes old rows.
    scrubber.run(due, patience_us);
    scrubber.stop();
    std::size_t rows = 0;
    catalog.read([&](catalog::Connection& db) {
        auto row = db.prepare("SELECT count(*) FROM images WHERE id = '" + image.id + "'");
        row.step();
        rows = row.get<std::size_t>(0);
    });
    BOOST_TEST(rows == 0U);
    Image again;
    again.id = image.id;
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { images.create(alice, again); }).find("never given again") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_state_tells_when_the_next_image_falls_due_and_why_nothing_may) {
    BOOST_TEST(!scrubber.state().next_due_at.has_value());
    const Image image = binned();
    BOOST_TEST(scrubber.state().next_due_at.value() == scrub_after(image));
    BOOST_TEST(!scrubber.state().hold.has_value());
    clock.reboot(5);
    catalog.write([&](catalog::Connection& db) { guard.begin(db); });
    BOOST_TEST(scrubber.state().hold.value().remaining_us == grace_us);
}

BOOST_AUTO_TEST_SUITE_END()
