#include "service/uploads/upload_mender.hpp"

#include <boost/test/unit_test.hpp>

#include "catalog/images/location_table.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Mended : ServiceFixture {
    service::UploadMender mender{catalog, stores, running, clock};
    int woken = 0;
    service::Uploads uploads{
        catalog,
        stores,
        buffers,
        running,
        quotas,
        clock,
        {.image_size_cap = 1 << 20, .hash_algorithm = "sha512", .left_behind = [this] { ++woken; }}};

    /// Returns an image whose upload failed in a store that could not remove its bytes either.
    Image left_behind() {
        const Image image = queued();
        spare->fail_always(Operation::commit);
        spare->fail_always(Operation::remove);
        BOOST_CHECK_THROW(uploads.upload(alice, {.image_id = image.id, .store = "spare", .source = source_of("bytes")}),
                          Error);
        return image;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(upload_mender, Mended)

BOOST_AUTO_TEST_CASE(what_an_upload_left_is_removed_when_the_store_is_back) {
    const Image image = left_behind();
    BOOST_TEST(woken == 1);
    BOOST_TEST(mender.mend() == 1U);
    BOOST_TEST(status_of(image) == Status::saving);
    spare->heal();
    BOOST_TEST(mender.mend() == 0U);
    const Image after = find(image.id).value();
    BOOST_TEST(after.status == Status::queued);
    BOOST_TEST(after.locations.empty());
    BOOST_TEST(after.status_reason.find("upload the data again") != std::string::npos);
    uploads.upload(alice, {.image_id = image.id, .source = source_of("bytes")});
    BOOST_TEST(status_of(image) == Status::active);
}

BOOST_AUTO_TEST_CASE(it_is_tried_again_as_long_as_something_is_left) {
    BOOST_TEST(!mender.turn().has_value());
    const Image image = left_behind();
    mender.wake();
    BOOST_TEST(mender.turn().value() == service::UploadMender::retry_us);
    clock.advance_us(service::UploadMender::retry_us - 1);
    BOOST_TEST(mender.turn().value() == 1);
    clock.advance_us(1);
    BOOST_TEST(mender.turn().value() == service::UploadMender::retry_us);
    BOOST_TEST(status_of(image) == Status::saving);
    spare->heal();
    clock.advance_us(service::UploadMender::retry_us);
    BOOST_TEST(!mender.turn().has_value());
    BOOST_TEST(status_of(image) == Status::queued);
}

BOOST_AUTO_TEST_CASE(an_upload_that_runs_is_let_alone) {
    const Image image = queued();
    std::size_t left = 9;
    uploads.upload(alice, {.image_id = image.id, .source = [&, source = source_of("bytes")](auto out) mutable {
                               left = mender.mend();
                               return source(out);
                           }});
    BOOST_TEST(left == 0U);
    BOOST_TEST(status_of(image) == Status::active);
    BOOST_TEST(local->contents(uri(image)).value() == "bytes");
}

BOOST_AUTO_TEST_CASE(a_silent_store_is_asked_once_and_others_are_mended) {
    const Image first = left_behind(), second = left_behind();
    local->fail_always(Operation::commit);
    local->fail(Operation::remove, 1);
    const Image other = queued();
    BOOST_CHECK_THROW(uploads.upload(alice, {.image_id = other.id, .source = source_of("bytes")}), Error);
    const auto asked = spare->calls(Operation::remove);
    BOOST_TEST(mender.mend() == 2U);
    BOOST_TEST(spare->calls(Operation::remove) == asked + 1);
    BOOST_TEST(status_of(other) == Status::queued);
}

BOOST_AUTO_TEST_CASE(an_image_that_was_deleted_meanwhile_stays_deleted) {
    const Image image = left_behind();
    images.remove(alice, image.id);
    spare->heal();
    BOOST_TEST(mender.mend() == 0U);
    BOOST_TEST(status_of(image) == Status::deleted);
    const bool is_left =
        catalog.read([&](catalog::Connection& db) { return catalog::is_location_known(db, "spare", uri(image)); });
    BOOST_TEST(!is_left);
}

BOOST_AUTO_TEST_SUITE_END()
