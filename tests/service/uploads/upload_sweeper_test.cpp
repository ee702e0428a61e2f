#include "service/uploads/upload_sweeper.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <semaphore>

#include "tests/hang_limit.hpp"
#include "tests/service/uploads/resumable_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using service::UploadSweeper;

namespace {

struct Swept : Resumable {
    std::counting_semaphore<> ends{0};
    UploadSweeper sweeper{*resumable, clock};

    /// Starts an append in another thread, and returns once its client stalls. The future is true if the request failed
    /// with `refusal`.
    std::future<bool> append_stalling(const Upload& upload, StalledClient& client, ErrorKind refusal) {
        auto request = std::async(std::launch::async, [=, this, &client] {
            return throws(refusal, [&] { resumable->append(alice, upload.id, client.chunk()); });
        });
        client.wait_until_stalled();
        return request;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(upload_sweeper, Swept)

BOOST_AUTO_TEST_CASE(it_sleeps_until_the_next_upload_expires) {
    BOOST_TEST(sweeper.turn() == UploadSweeper::longest_sleep_us);
    const Upload first = create(queued(), 5);
    clock.advance_us(us_per_second);
    const Upload second = create(queued(), 5);
    BOOST_TEST(sweeper.turn() == UploadSweeper::longest_sleep_us);  // the uploads expire later, in a day

    clock.advance_us(day_us - 3 * us_per_second);
    BOOST_TEST(sweeper.turn() == 2 * us_per_second);
    clock.advance_us(2 * us_per_second);
    BOOST_TEST(sweeper.turn() == 0);
    BOOST_TEST(is_unknown(first));
    BOOST_TEST(sweeper.turn() == us_per_second);
    clock.advance_us(us_per_second);
    BOOST_TEST(sweeper.turn() == 0);
    BOOST_TEST(is_unknown(second));
    BOOST_TEST(sweeper.turn() == UploadSweeper::longest_sleep_us);
}

BOOST_AUTO_TEST_CASE(a_step_of_the_wall_clock_delays_no_expiry_for_long) {
    create(queued(), 5);
    clock.step_us(-365 * day_us);
    BOOST_TEST(sweeper.turn() == UploadSweeper::longest_sleep_us);
}

BOOST_AUTO_TEST_CASE(an_upload_that_a_request_appends_to_is_tried_again) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    StalledClient client("he");
    auto request = append_stalling(upload, client, ErrorKind::locked);
    clock.advance_us(day_us);
    BOOST_TEST(sweeper.turn() == UploadSweeper::retry_us);
    BOOST_TEST(find(image.id).value().status == Status::saving);
    clock.advance_us(-day_us);
    resumable->resume(alice, upload.id);
    BOOST_TEST(request.get());
}

BOOST_AUTO_TEST_CASE(a_request_whose_image_is_deleted_ends_while_it_waits_for_bytes) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    StalledClient client("he");
    auto request = append_stalling(upload, client, ErrorKind::gone);
    images.remove(alice, image.id);
    BOOST_TEST(sweeper.turn() == 0);
    BOOST_TEST(request.get());
    BOOST_TEST(is_unknown(upload));
    BOOST_TEST(staging.ids().empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_its_time_is_not_waited_for) {
    const Image image = queued();
    const Upload upload = create(image, 5), other = create(queued(), 5);
    local->hold(FaultyStore::Operation::commit);
    auto request =
        std::async(std::launch::async, [&] { return throws(ErrorKind::gone, [&] { append(upload, 0, "hello"); }); });
    local->wait_until_held(FaultyStore::Operation::commit);
    images.remove(alice, image.id);
    clock.advance_us(day_us);
    BOOST_TEST(sweeper.turn() == 0);
    BOOST_TEST(is_unknown(other));
    BOOST_TEST(sweeper.turn() == UploadSweeper::retry_us);
    local->release(FaultyStore::Operation::commit);
    BOOST_TEST(request.get());
    BOOST_TEST(sweeper.turn() == UploadSweeper::longest_sleep_us);
    BOOST_TEST(staging.ids().empty());
    BOOST_TEST(local->image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(its_thread_wakes_when_uploads_change) {
    catalog.when_changed([&](Topics changed) {
        if (changed.contains(Topic::uploads)) sweeper.wake();
        if (changed == Topics{Topic::uploads, Topic::events}) ends.release();  // an upload was ended
    });
    sweeper.start();
    // The thread may find the first deletion without wake(). Before the second one it is normally asleep.
    for (int i = 0; i < 2; ++i) {
        const Image image = queued();
        create(image, 5);
        images.remove(alice, image.id);
        BOOST_TEST_REQUIRE(ends.try_acquire_for(hang_limit));
    }
    sweeper.stop();
    BOOST_TEST(staging.ids().empty());
}

BOOST_AUTO_TEST_SUITE_END()
