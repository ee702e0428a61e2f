#include "service/bin/scrub_pass.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using service::ScrubScope;

BOOST_FIXTURE_TEST_SUITE(scrub_pass, ServiceFixture)

BOOST_AUTO_TEST_CASE(an_image_is_scrubbed_once_its_time_has_come_and_not_before) {
    const Image image = binned("twelve bytes");
    clock.advance_us(retention_us - 1);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(status_of(image) == Status::pending_delete);
    clock.advance_us(1);
    const auto report = scrub();
    BOOST_TEST(report.images == 1U);
    BOOST_TEST(report.bytes_freed == 12U);
    BOOST_TEST(report.failures == 0U);
    BOOST_TEST(report.image_ids == std::vector{image.id}, boost::test_tools::per_element());
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(local->image_count() == 0U);
    BOOST_TEST(local->unflushed_count() == 0U);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(local->calls(Operation::remove) == 1U);
}

BOOST_AUTO_TEST_CASE(an_image_is_claimed_before_its_first_byte_is_removed) {
    const Image image = binned();
    clock.advance_us(retention_us);
    local->hold(Operation::remove);
    std::thread scrubbing([&] { scrub(); });
    local->wait_until_held(Operation::remove);
    BOOST_TEST(status_of(image) == Status::scrubbing);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { trash.restore(alice, image.id); }).find("is being scrubbed") !=
               std::string::npos);
    local->release(Operation::remove);
    scrubbing.join();
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(a_failure_with_nothing_removed_leaves_the_image_restorable_with_the_reason) {
    const Image image = binned();
    clock.advance_us(retention_us);
    local->block(uri(image), "the clone vm-7 needs it");
    const auto report = scrub();
    BOOST_TEST(report.images == 0U);
    BOOST_TEST(report.failures == 1U);
    BOOST_REQUIRE(report.failed.size() == 1U);
    BOOST_TEST(report.failed[0].image_id == image.id);
    BOOST_TEST((report.failed[0].kind == ErrorKind::in_use));
    BOOST_TEST(report.failed[0].reason == "the clone vm-7 needs it");
    const Image after = find(image.id).value();
    BOOST_TEST(after.status == Status::pending_delete);
    BOOST_TEST(after.locations.at(0).attempts == 1);
    BOOST_TEST(after.locations.at(0).last_error == "the clone vm-7 needs it");
    BOOST_TEST(after.locations.at(0).blocked_by == std::vector<std::string>{"the clone vm-7 needs it"});
    BOOST_TEST(after.locations.at(0).next_attempt_at == clock.now_us() + 10 * us_per_second);
    BOOST_TEST(after.deletion.value().scrub_after == image.deletion.value().scrub_after);

    const Image restored = trash.restore(alice, image.id);
    BOOST_TEST(restored.status == Status::active);
    BOOST_TEST(find(image.id).value().locations.at(0).attempts == 0);
    BOOST_TEST(find(image.id).value().locations.at(0).last_error == "");
    BOOST_TEST(find(image.id).value().locations.at(0).blocked_by.empty());
}

BOOST_AUTO_TEST_CASE(a_removal_that_was_cut_off_cannot_be_taken_back_and_is_finished_later) {
    const Image image = binned();
    clock.advance_us(retention_us);
    local->cut_off(uri(image));
    BOOST_TEST(scrub().failures == 1U);
    BOOST_TEST(status_of(image) == Status::scrubbing);
    error_of(ErrorKind::conflict, [&] { trash.restore(alice, image.id); });
    clock.advance_us(10 * us_per_second);
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(whoever_asks_does_not_wait_for_the_next_attempt) {
    const Image image = binned();
    clock.advance_us(retention_us);
    local->fail_always(Operation::remove);
    BOOST_TEST(scrub().failures == 1U);
    ScrubScope asked;
    asked.by = alice;
    BOOST_TEST(scrub(asked).failures == 1U);  // one attempt a pass
    BOOST_TEST(find(image.id).value().locations.at(0).attempts == 2);
    local->heal();
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(scrub(asked).images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(attempts_are_spaced_from_ten_seconds_to_an_hour) {
    const std::int64_t seconds[] = {10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600};
    const Image image = binned();
    clock.advance_us(retention_us);
    local->fail_always(Operation::remove);
    for (int attempt = 1; attempt <= 11; ++attempt) {
        BOOST_TEST(scrub().failures == 1U);
        BOOST_TEST(scrub().failures == 0U);
        const Location location = find(image.id).value().locations.at(0);
        BOOST_TEST(location.attempts == attempt);
        BOOST_TEST(location.next_attempt_at - clock.now_us() == seconds[attempt - 1] * us_per_second);
        clock.advance_us(seconds[attempt - 1] * us_per_second - 1);
        BOOST_TEST(scrub().failures == 0U);
        clock.advance_us(1);
    }
    local->heal();
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(service::retry_delay_us(0) == 10 * us_per_second);
    BOOST_TEST(service::retry_delay_us(INT32_MAX) == 3600 * us_per_second);
}

BOOST_AUTO_TEST_CASE(a_next_attempt_that_a_wrong_clock_wrote_down_is_not_waited_for) {
    const Image image = binned();
    clock.advance_us(retention_us);
    local->fail(Operation::remove, 1);
    clock.step_us(1000 * grace_us);
    write("UPDATE images SET scrub_after = 1");
    catalog.write([&](catalog::Connection& db) { guard.observe(db); });
    write("UPDATE images SET scrub_after = 1");
    BOOST_TEST(scrub().failures == 1U);
    clock.step_us(-1000 * grace_us);
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(an_image_that_lost_one_of_two_locations_stays_claimed_and_is_finished_later) {
    const Image image = binned("bytes", {"local", "spare"});
    clock.advance_us(retention_us);
    spare->fail_always(Operation::remove);
    const auto report = scrub();
    BOOST_TEST(report.failures == 1U);
    BOOST_TEST(report.bytes_freed == 5U);
    for (int attempt = 2; attempt <= 4; ++attempt) {
        const Image after = find(image.id).value();
        BOOST_TEST(after.status == Status::scrubbing);
        BOOST_REQUIRE(after.locations.size() == 1U);
        BOOST_TEST(after.locations[0].store == "spare");
        BOOST_TEST(after.locations[0].last_error == "the store is down");
        BOOST_TEST(error_of(ErrorKind::conflict, [&] { trash.restore(alice, image.id); }) ==
                   "the image " + image.id + " is being scrubbed and can no longer be restored");
        clock.advance_us(grace_us);
        BOOST_TEST(scrub().failures == 1U);
        BOOST_TEST(find(image.id).value().locations.at(0).attempts == attempt);
    }
    spare->heal();
    clock.advance_us(grace_us);
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(spare->image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_there_count_as_removed) {
    const Image image = binned();
    local->lose(uri(image));
    clock.advance_us(retention_us);
    const auto report = scrub();
    BOOST_TEST(report.images == 1U);
    BOOST_TEST(report.bytes_freed == 0U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(a_store_that_left_the_configuration_is_a_failure_and_not_an_empty_store) {
    const Image image = binned();
    write("UPDATE image_locations SET store = 'attic'");
    clock.advance_us(retention_us);
    const auto report = scrub();
    BOOST_TEST(report.failures == 1U);
    BOOST_TEST(report.failed.at(0).reason == "there is no store 'attic'; the stores are: local, spare");
    BOOST_TEST(status_of(image) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(a_catalog_that_fails_before_the_claim_removes_nothing) {
    const Image image = binned();
    clock.advance_us(retention_us);
    refuse_status(Status::scrubbing);
    BOOST_CHECK_THROW(scrub(), Error);
    BOOST_TEST(local->calls(Operation::remove) == 0U);
    BOOST_TEST(status_of(image) == Status::pending_delete);
    heal_catalog();
    BOOST_TEST(scrub().images == 1U);
}

BOOST_AUTO_TEST_CASE(a_crash_between_the_claim_and_the_record_is_finished_by_the_next_process) {
    const Image image = binned();
    clock.advance_us(retention_us);
    refuse_status(Status::deleted);
    BOOST_CHECK_THROW(scrub(), Error);
    BOOST_TEST(status_of(image) == Status::scrubbing);
    BOOST_TEST(local->image_count() == 0U);
    heal_catalog();
    service::ScrubPass next(catalog, stores, clock, guard, 1);
    BOOST_TEST(next.run({}, [](const auto&) { return true; }).images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(bytes_that_a_crash_may_have_removed_are_never_restored) {
    const Image image = binned();
    clock.advance_us(retention_us);
    refuse_status(Status::deleted);
    BOOST_CHECK_THROW(scrub(), Error);
    heal_catalog();
    local->fail_always(Operation::remove);
    BOOST_TEST(scrub().failures == 1U);
    BOOST_TEST(status_of(image) == Status::scrubbing);
    BOOST_TEST(find(image.id).value().locations.at(0).last_error == "the store is down");
    local->heal();
    clock.advance_us(10 * us_per_second);
    BOOST_TEST(scrub().images == 1U);
}

BOOST_AUTO_TEST_CASE(a_crash_before_the_first_removal_is_finished_too) {
    const Image image = binned();
    write("UPDATE images SET status = 7 WHERE id = '" + image.id + "'");
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(local->image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_removal_that_is_not_flushed_is_not_recorded) {
    const Image image = binned();
    const Image elsewhere = binned("other", {"spare"});
    clock.advance_us(retention_us);
    local->fail(Operation::flush, 1, Error(ErrorKind::internal, "the disk fails"));
    const auto report = scrub();
    BOOST_TEST(report.images == 1U);
    BOOST_TEST(report.failures == 1U);
    BOOST_TEST(status_of(elsewhere) == Status::deleted);
    const Image after = find(image.id).value();
    BOOST_TEST(after.status == Status::scrubbing);
    BOOST_TEST(after.locations.at(0).attempts == 1);
    BOOST_TEST(after.locations.at(0).last_error == "the disk fails");
    clock.advance_us(10 * us_per_second);
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(local->unflushed_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_pass_takes_on_more_than_a_batch_and_can_be_ended_between) {
    // In one transaction, because each of 2500 single deletes would wait for the disk.
    catalog.write([&](catalog::Connection& db) {
        for (int i = 0; i < 2500; ++i) {
            Image image;
            image.id = new_uuid();
            image.owner = "default";
            image.status = Status::active;
            catalog::insert_image(db, image);
            image.status = Status::pending_delete;
            image.deletion = Deletion{.deleted_at = 1, .deleted_by = "alice", .scrub_after = i};
            catalog::update_image_row(db, image);
        }
    });
    BOOST_TEST(pass.dry_run({}).images == 2500U);
    BOOST_TEST(pass.dry_run({ScrubScope::Kind::bin, {}, {}}).images == 2500U);
    BOOST_TEST(pass.run({}, [](const auto&) { return false; }).images == 1000U);
    int calls = 0;
    const auto report = pass.run({ScrubScope::Kind::bin, {}, {}}, [&](const auto& so_far) {
        ++calls;
        BOOST_TEST(so_far.images == (calls == 1 ? 1000U : 1500U));
        return true;
    });
    BOOST_TEST(calls == 2);
    BOOST_TEST(report.images == 1500U);
    BOOST_TEST(report.image_ids.size() == 100U);
}

BOOST_AUTO_TEST_CASE(emptying_the_bin_takes_only_the_images_of_the_owner) {
    const Image mine = binned(), theirs = binned();
    write("UPDATE images SET owner = 'other' WHERE id = '" + theirs.id + "'");
    BOOST_TEST(scrub({ScrubScope::Kind::bin, {}, "default"}).images == 1U);
    BOOST_TEST(status_of(mine) == Status::deleted);
    BOOST_TEST(status_of(theirs) == Status::pending_delete);
    BOOST_TEST(scrub({ScrubScope::Kind::bin, {}, {}}).images == 1U);
    BOOST_TEST(status_of(theirs) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(emptying_the_bin_tries_every_image_once_and_goes_on_behind_one_that_fails) {
    const Image blocked = binned(), free = binned();
    local->block(uri(blocked), "in use");
    const auto report = scrub({ScrubScope::Kind::bin, {}, {}});
    BOOST_TEST(report.images == 1U);
    BOOST_TEST(report.failures == 1U);
    BOOST_TEST(status_of(blocked) == Status::pending_delete);
    BOOST_TEST(scrub_after(blocked) == blocked.deletion.value().scrub_after);
    BOOST_TEST(status_of(free) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(one_image_is_scrubbed_before_its_time_and_nothing_else) {
    const Image image = binned(), other = binned();
    BOOST_TEST(scrub(purge_of(image)).images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(status_of(other) == Status::pending_delete);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { scrub(purge_of(image)); }) ==
               "No image with ID " + image.id + " is in the recycle bin");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { scrub(purge_of(active())); }).starts_with("No image"));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_moves_during_a_scrub_stays_moved) {
    const Image image = binned();
    local->block(uri(image), "in use");
    local->hold(Operation::remove);
    std::thread scrubbing([&] { scrub(purge_of(image)); });
    local->wait_until_held(Operation::remove);
    clock.step_us(30 * grace_us);
    catalog.write([&](catalog::Connection& db) { guard.observe(db); });
    local->release(Operation::remove);
    scrubbing.join();
    BOOST_TEST(status_of(image) == Status::pending_delete);
    BOOST_TEST(scrub_after(image) == image.deletion.value().scrub_after + 30 * grace_us);
}

BOOST_AUTO_TEST_CASE(a_dry_run_says_what_would_be_and_changes_nothing) {
    const Image cut_off = binned("half"), due = binned("bytes"), blocked = binned();
    write("UPDATE images SET status = 7 WHERE id = '" + cut_off.id + "'");
    clock.advance_us(retention_us);
    write("UPDATE image_locations SET attempts = 1, next_attempt_at = " +
          std::to_string(clock.now_us() + us_per_second) + " WHERE uri = '" + uri(blocked) + "'");
    const Image young = binned();
    const auto report = pass.dry_run({});
    BOOST_TEST(report.images == 2U);
    BOOST_TEST(report.bytes_freed == 9U);
    BOOST_TEST(report.image_ids == (std::vector{cut_off.id, due.id}), boost::test_tools::per_element());
    BOOST_TEST(pass.dry_run({ScrubScope::Kind::bin, {}, {}}).images == 4U);
    BOOST_TEST(pass.dry_run(purge_of(young)).images == 1U);
    BOOST_TEST(local->calls(Operation::remove) == 0U);
    BOOST_TEST(status_of(due) == Status::pending_delete);
    BOOST_TEST(status_of(young) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(while_the_clock_is_in_doubt_nothing_falls_due_but_what_is_asked_for_is_scrubbed) {
    const Image image = binned(), other = binned();
    clock.reboot(clock.now_us() + 100 * retention_us);
    catalog.write([&](catalog::Connection& db) { guard.begin(db); });
    write("UPDATE images SET scrub_after = 1");
    const auto report = scrub();
    BOOST_TEST(report.images == 0U);
    BOOST_TEST(report.held.find("scrubs wait until it can be trusted") != std::string::npos);
    BOOST_TEST(pass.dry_run({}).held == report.held);
    BOOST_TEST(scrub(purge_of(other)).images == 1U);
    clock.advance_us(grace_us);
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_CASE(a_restore_and_a_scrub_never_both_win) {
    constexpr int count = 60;
    std::vector<Image> all;
    for (int i = 0; i < count; ++i) all.push_back(binned());
    clock.advance_us(retention_us);
    std::vector<char> is_restored(count, 0);
    std::thread restoring([&] {
        for (int i = count - 1; i >= 0; --i) {
            try {
                trash.restore(alice, all[static_cast<std::size_t>(i)].id);
                is_restored[static_cast<std::size_t>(i)] = 1;
            } catch (const Error&) {
                is_restored[static_cast<std::size_t>(i)] = 0;
            }
        }
    });
    for (std::size_t i = 0; i < count; ++i) {
        try {
            scrub(purge_of(all[i]));
        } catch (const Error& error) {
            BOOST_TEST((error.kind() == ErrorKind::not_found));
        }
    }
    restoring.join();
    for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST(status_of(all[i]) == (is_restored[i] != 0 ? Status::active : Status::deleted));
        BOOST_TEST(local->contents(uri(all[i])).has_value() == (is_restored[i] != 0));
    }
}

BOOST_AUTO_TEST_SUITE_END()
