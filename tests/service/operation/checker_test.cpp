#include "service/operation/checker.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using service::Finding;

namespace {

struct Checking : ServiceFixture {
    service::Checker checker{catalog, stores, clock, retention_us};

    ~Checking() { local->release(Operation::stat); }

    service::Checker::Progress wait() {
        for (;;) {
            const auto progress = checker.progress();
            if (!progress.is_running) return progress;
            std::this_thread::yield();
        }
    }
    service::Checker::Progress check(bool repair) {
        checker.start(repair);
        return wait();
    }
    /// Runs a check. Returns its only finding.
    Finding only(bool repair) {
        const auto progress = check(repair);
        BOOST_TEST(progress.error == "");
        BOOST_TEST(progress.findings == 1U);
        BOOST_REQUIRE(progress.first_findings.size() == 1U);
        return progress.first_findings[0];
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(checker, Checking)

BOOST_AUTO_TEST_CASE(a_catalog_and_stores_that_agree_have_no_findings) {
    active("bytes", {"local", "spare"});
    binned();
    queued();
    BOOST_TEST(checker.progress().started_at == 0);
    const auto progress = check(true);
    BOOST_TEST(progress.findings == 0U);
    BOOST_TEST(progress.catalog == "ok");
    BOOST_TEST(progress.error == "");
    BOOST_TEST(progress.checked == 6U);
    BOOST_TEST(progress.repairs);
    BOOST_TEST(progress.started_at == clock.now_us());
}

BOOST_AUTO_TEST_CASE(missing_bytes_are_found_and_told_to_the_image_by_a_repair) {
    const Image image = active();
    local->lose(uri(image));
    Finding finding = only(false);
    BOOST_TEST(to_string(finding.kind) == "missing");
    BOOST_TEST(finding.image_id == image.id);
    BOOST_TEST(finding.store == "local");
    BOOST_TEST(finding.repair == "");
    BOOST_TEST(find(image.id).value().status_reason == "");
    finding = only(true);
    BOOST_TEST(finding.repair.starts_with("noted on the image"));
    BOOST_TEST(find(image.id).value().status_reason.starts_with("the store 'local' does not have the data"));
    BOOST_TEST(status_of(image) == Status::active);
}

BOOST_AUTO_TEST_CASE(bytes_of_another_length_are_found) {
    const Image image = active("five!");
    local->put(image.id, "four");
    const Finding finding = only(true);
    BOOST_TEST(to_string(finding.kind) == "wrong_size");
    BOOST_TEST(finding.detail == "the store has 4 bytes of 5");
}

BOOST_AUTO_TEST_CASE(a_store_that_does_not_answer_is_unreadable_and_not_empty) {
    const Image image = active(), lost = active("bytes", {"spare"});
    spare->lose(uri(lost));
    local->fail_always(Operation::stat);
    local->fail_always(Operation::list);
    const auto progress = check(true);
    BOOST_TEST(progress.error == "");
    BOOST_REQUIRE(progress.first_findings.size() == 3U);
    BOOST_TEST(to_string(progress.first_findings[0].kind) == "unreadable");
    BOOST_TEST(to_string(progress.first_findings[1].kind) == "missing");
    BOOST_TEST(to_string(progress.first_findings[2].kind) == "unreadable");
    BOOST_TEST(progress.first_findings[2].store == "local");
    BOOST_TEST(find(image.id).value().status_reason == "");
}

BOOST_AUTO_TEST_CASE(leftovers_of_a_deleted_image_are_removed_by_a_repair_alone) {
    const Image image = queued();
    images.remove(alice, image.id);
    local->put(image.id, "left over");
    Finding finding = only(false);
    BOOST_TEST(to_string(finding.kind) == "orphaned");
    BOOST_TEST(finding.detail == "9 bytes that no image owns");
    BOOST_TEST(local->image_count() == 1U);
    finding = only(true);
    BOOST_TEST(finding.repair == "removed: its image was deleted");
    BOOST_TEST(local->image_count() == 0U);
    BOOST_TEST(check(true).findings == 0U);
}

BOOST_AUTO_TEST_CASE(unknown_bytes_are_put_into_the_bin_and_can_be_restored) {
    const std::string id = new_uuid();
    local->put(id, "treasure");
    BOOST_TEST(only(true).repair == "put into the recycle bin as recovered-" + id);
    const Image found = trash.get(alice, id);
    BOOST_TEST(found.name.value() == "recovered-" + id);
    BOOST_TEST(found.owner.empty());
    const Caller somebody{.user = "eve", .project = "default", .is_admin = false};
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { trash.get(somebody, id); }).starts_with("No image"));
    BOOST_TEST(found.deletion.value().deleted_by == "check");
    BOOST_TEST(found.deletion.value().scrub_after == clock.now_us() + retention_us);
    BOOST_TEST(check(true).findings == 0U);
    const Image restored = trash.restore(alice, id);
    BOOST_TEST(restored.status == Status::active);
    BOOST_TEST(restored.size.value() == 8U);
    BOOST_TEST(check(true).findings == 0U);
    BOOST_TEST(local->contents(local->uri_for(id)).value() == "treasure");
}

BOOST_AUTO_TEST_CASE(the_bytes_of_living_images_are_never_removed_where_their_store_got_another_name) {
    const Image image = active(), in_bin = binned();
    write("UPDATE image_locations SET store = 'once'");
    const auto progress = check(true);
    BOOST_TEST(progress.findings == 4U);
    BOOST_TEST(local->image_count() == 2U);
    for (const Finding& finding : progress.first_findings) {
        const bool is_of_catalog = finding.store == "once";
        BOOST_TEST(to_string(finding.kind) == (is_of_catalog ? "unreadable" : "orphaned"));
        BOOST_TEST(finding.repair == "");
        BOOST_TEST((finding.detail.find("; kept") != std::string::npos) == !is_of_catalog);
    }
    BOOST_TEST(find(image.id).value().status_reason == "");
    BOOST_TEST(status_of(in_bin) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(uploads_and_temporary_files_are_no_orphans) {
    const Image image = active();
    write("UPDATE image_locations SET state = 0");
    write("UPDATE images SET status = 1");
    const auto writer = local->create(local->uri_for(new_uuid()), 5);
    BOOST_TEST(check(true).findings == 0U);
    BOOST_TEST(local->contents(uri(image)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_scrubbed_meanwhile_is_not_missing) {
    const Image image = binned(), claimed = binned();
    local->hold(Operation::stat);
    checker.start(true);
    local->wait_until_held(Operation::stat);
    scrub(purge_of(image));
    write("UPDATE images SET status = 7 WHERE id = '" + claimed.id + "'");
    local->lose(uri(claimed));
    local->release(Operation::stat);
    BOOST_TEST(wait().findings == 0U);
}

BOOST_AUTO_TEST_CASE(one_check_runs_at_a_time_and_a_stop_ends_it) {
    active();
    active();
    local->hold(Operation::stat);
    checker.start(false);
    local->wait_until_held(Operation::stat);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { checker.start(false); }) == "a check is running: wait for its end");
    local->release(Operation::stat);
    wait();
    check(false);
    checker.stop();
    checker.stop();
    BOOST_TEST(
        error_of(ErrorKind::unavailable, [&] { checker.start(false); }).starts_with("the appliance is stopping"));
}

BOOST_AUTO_TEST_SUITE_END()
