#include "service/uploads/recovery.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Crashed : ServiceFixture {
    /// Returns an image as a crash during its upload leaves it. `has_bytes`: the store had already committed.
    Image cut_off(bool has_bytes, const std::string& store = "local") {
        const Image image = active("bytes", {store});
        if (!has_bytes) static_cast<FaultyStore&>(stores.at(store)).lose(uri(image));
        catalog.write([&](catalog::Connection& db) {
            db.run("UPDATE image_locations SET state = 0 WHERE image = ?1", image.number);
            db.run("UPDATE images SET status = 1, size = NULL WHERE n = ?1", image.number);
        });
        return image;
    }
    void check_given_back(const Image& image) {
        const Image after = find(image.id).value();
        BOOST_TEST(after.status == Status::queued);
        BOOST_TEST(after.locations.empty());
        BOOST_TEST(after.status_reason.starts_with("the upload was cut off because the appliance stopped"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(recovery, Crashed)

BOOST_AUTO_TEST_CASE(a_clean_stop_leaves_nothing_to_do) {
    const Image image = active(), in_bin = binned();
    const auto report = service::recover(catalog, stores);
    BOOST_TEST(report.uploads == 0U);
    BOOST_TEST(report.temporary_files == 0U);
    BOOST_TEST(status_of(image) == Status::active);
    BOOST_TEST(status_of(in_bin) == Status::pending_delete);
    BOOST_TEST(local->image_count() == 2U);
}

BOOST_AUTO_TEST_CASE(uploads_that_were_cut_off_are_given_back_and_their_bytes_removed) {
    const Image before_commit = cut_off(false), behind_commit = cut_off(true), other = active();
    local->leave_temporary(2);
    spare->leave_temporary(1);
    const auto report = service::recover(catalog, stores);
    BOOST_TEST(report.uploads == 2U);
    BOOST_TEST(report.temporary_files == 3U);
    check_given_back(before_commit);
    check_given_back(behind_commit);
    BOOST_TEST(!local->contents(uri(behind_commit)).has_value());
    BOOST_TEST(local->contents(uri(other)).has_value());
    BOOST_TEST(local->unflushed_count() == 0U);
    BOOST_TEST(service::recover(catalog, stores).uploads == 0U);
}

BOOST_AUTO_TEST_CASE(bytes_of_an_image_deleted_in_mid_upload_are_removed_and_it_stays_deleted) {
    const Image image = cut_off(true);
    images.remove(alice, image.id);
    BOOST_TEST(service::recover(catalog, stores).uploads == 1U);
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(local->image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_store_that_does_not_answer_holds_up_its_own_images_alone) {
    const Image stuck = cut_off(true), elsewhere = cut_off(true, "spare");
    local->fail_always(Operation::remove);
    BOOST_TEST(service::recover(catalog, stores).uploads == 1U);
    check_given_back(elsewhere);
    const Image after = find(stuck.id).value();
    BOOST_TEST(after.status == Status::saving);
    BOOST_TEST(after.locations.size() == 1U);
    BOOST_TEST(after.status_reason.find("(the store is down)") != std::string::npos);
    local->heal();
    BOOST_TEST(service::recover(catalog, stores).uploads == 1U);
    check_given_back(stuck);
}

BOOST_AUTO_TEST_CASE(a_store_that_left_the_configuration_does_not_keep_the_appliance_from_its_start) {
    const Image stuck = cut_off(true);
    write("UPDATE image_locations SET store = 'attic'");
    const Image other = cut_off(true);
    BOOST_TEST(service::recover(catalog, stores).uploads == 1U);
    check_given_back(other);
    BOOST_TEST(find(stuck.id).value().status_reason.find("no store 'attic'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_removal_that_is_not_durable_is_not_recorded) {
    const Image image = cut_off(true);
    local->fail(Operation::flush, 1, Error(ErrorKind::internal, "the disk fails"));
    BOOST_TEST(service::recover(catalog, stores).uploads == 0U);
    BOOST_TEST(find(image.id).value().locations.size() == 1U);
    BOOST_TEST(service::recover(catalog, stores).uploads == 1U);
}

BOOST_AUTO_TEST_CASE(half_done_scrubs_are_left_to_the_scrubber) {
    const Image image = binned();
    write("UPDATE images SET status = 7");
    BOOST_TEST(service::recover(catalog, stores).uploads == 0U);
    BOOST_TEST(status_of(image) == Status::scrubbing);
    BOOST_TEST(local->image_count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
