#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/sample_bytes.hpp"
#include "tests/service/uploads/resumable_fixture.hpp"

// Tests of append(): how the bytes of resumable uploads arrive.

using namespace reprieve;
using namespace reprieve::tests;

BOOST_FIXTURE_TEST_SUITE(resumable_append, Resumable)

BOOST_AUTO_TEST_CASE(a_length_that_is_told_later_is_told_once) {
    const Image image = queued();
    const Upload upload = create(image, {});
    BOOST_TEST(append(upload, 0, "he").offset == 2U);
    BOOST_TEST(!resumable->get(alice, upload.id).length.has_value());
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { append(upload, 2, "", 1); }));
    BOOST_TEST(throws(ErrorKind::too_large, [&] { append(upload, 2, "", 8 * mebibyte + 1); }));
    BOOST_TEST(append(upload, 2, "l", 5).offset == 3U);
    BOOST_TEST(resumable->get(alice, upload.id).length.value() == 5U);
    BOOST_TEST(usage() == 5U);
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { append(upload, 3, "lo", 6); }));
    BOOST_TEST(append(upload, 3, "lo", 5).is_done);
    BOOST_TEST(local->contents(uri(image)).value() == "hello");
}

BOOST_AUTO_TEST_CASE(a_length_that_is_told_behind_the_last_byte_ends_the_upload) {
    const Image image = queued();
    const Upload upload = create(image, {});
    append(upload, 0, "hello");
    local->fail(Operation::commit, 1);
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { append(upload, 5, "", 5); }));
    // The upload must not look complete.
    BOOST_TEST(!resumable->get(alice, upload.id).length.has_value());
    BOOST_TEST(append(upload, 5, "", 5).is_done);
    BOOST_TEST(local->contents(uri(image)).value() == "hello");
}

BOOST_AUTO_TEST_CASE(bytes_for_another_offset_are_refused_and_change_nothing) {
    const Upload upload = create(queued(), 5);
    append(upload, 0, "he");
    for (const std::uint64_t offset : {0U, 1U, 3U, 5U, 6U})
        BOOST_TEST(error_of(ErrorKind::conflict, [&] {
                       append(upload, offset, "x");
                   }).starts_with("the upload continues at byte 2"));
    BOOST_TEST(staged(upload) == "he");
}

BOOST_AUTO_TEST_CASE(more_bytes_than_announced_make_no_image) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { append(upload, 2, "llo!"); }) ==
               "the upload brings more than the announced 5 bytes");
    const auto never = [](std::span<std::byte>) -> std::size_t { throw std::logic_error("asked"); };
    BOOST_TEST(throws(ErrorKind::bad_request,
                      [&] { resumable->append(alice, upload.id, {.offset = 2, .size = 4, .source = never}); }));
    BOOST_TEST(resumable->get(alice, upload.id).offset == 2U);
    BOOST_TEST(append(upload, 2, "llo").is_done);
    BOOST_TEST(local->contents(uri(image)).value() == "hello");
    // If the length is unknown, the cap is the limit.
    const Upload endless = create(queued(), {});
    BOOST_TEST(throws(ErrorKind::too_large, [&] { append(endless, 0, sample_bytes(8 * mebibyte + 1)); }));
    BOOST_TEST(throws(ErrorKind::too_large, [&] { create(queued(), 8 * mebibyte + 1); }));
}

BOOST_AUTO_TEST_CASE(bytes_count_only_where_their_checksum_is_right) {
    const Image image = queued();
    const Upload upload = create(image, 6);
    append(upload, 0, "abc");
    const auto with = [&](std::string algorithm, std::string digest) {
        return resumable->append(alice, upload.id,
                                 {.offset = 3,
                                  .checksum = service::Checksum{std::move(algorithm), std::move(digest)},
                                  .source = source_of("abc")});
    };
    BOOST_TEST(throws(ErrorKind::checksum_mismatch, [&] { with("sha1", std::string(40, 'a')); }));
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { with("crc32", "0"); }));
    BOOST_TEST(resumable->get(alice, upload.id).offset == 3U);
    BOOST_TEST(staged(upload) == "abc");
    BOOST_TEST(status_of(image) == Status::saving);
    BOOST_TEST(with("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d").is_done);
    BOOST_TEST(local->contents(uri(image)).value() == "abcabc");
}

BOOST_AUTO_TEST_CASE(bytes_that_came_before_the_client_went_away_count) {
    const std::string text = sample_bytes(3 * mebibyte);
    const Image image = queued();
    const Upload upload = create(image, text.size());
    const auto breaks_off = [&](std::uint64_t offset, std::optional<service::Checksum> checksum) {
        std::size_t at = offset;
        const auto source = [&](std::span<std::byte> out) -> std::size_t {
            if (at >= offset + mebibyte) throw Error(ErrorKind::disconnected, "the client went away");
            std::memcpy(out.data(), text.data() + at, out.size());
            at += out.size();
            return out.size();
        };
        BOOST_TEST(throws(ErrorKind::disconnected, [&] {
            resumable->append(alice, upload.id, {.offset = offset, .checksum = checksum, .source = source});
        }));
        return resumable->resume(alice, upload.id).offset;
    };
    const std::uint64_t offset = breaks_off(0, {});
    BOOST_TEST(offset == mebibyte);
    // Without the missing bytes nobody can verify the checksum, so these bytes do not count.
    BOOST_TEST(breaks_off(offset, service::Checksum{"sha1", std::string(40, 'a')}) == offset);
    BOOST_TEST(append(upload, offset, text.substr(offset)).is_done);
    BOOST_TEST(local->contents(uri(image)).value() == text);
    BOOST_TEST(running.count() == 0U);
    BOOST_TEST(buffers.in_use() == 0U);
}

BOOST_AUTO_TEST_CASE(a_long_request_is_recorded_on_the_way) {
    const Upload upload = create(queued(), 4 * mebibyte);
    std::uint64_t seen = 0;
    const auto source = [&, given = std::size_t{0}](std::span<std::byte> out) mutable -> std::size_t {
        if (given == 2 * mebibyte) clock.advance_us(ResumableUploads::checkpoint_us);
        if (given == 3 * mebibyte) {
            seen = resumable->get(alice, upload.id).offset;
            throw Error(ErrorKind::disconnected, "enough");
        }
        std::memset(out.data(), 'x', out.size());
        given += out.size();
        return out.size();
    };
    BOOST_TEST(
        throws(ErrorKind::disconnected, [&] { resumable->append(alice, upload.id, {.offset = 0, .source = source}); }));
    BOOST_TEST(seen >= 2 * mebibyte);
    BOOST_TEST(seen < 3 * mebibyte);
}

BOOST_AUTO_TEST_CASE(a_newer_request_takes_over_from_one_that_waits_for_a_dead_client) {
    const Image image = queued();
    const Upload upload = create(image, 3 * mebibyte);
    const std::string text = sample_bytes(3 * mebibyte);
    StalledClient dead(text.substr(0, mebibyte));
    std::string refusal;
    std::thread older(
        [&] { refusal = error_of(ErrorKind::locked, [&] { resumable->append(alice, upload.id, dead.chunk()); }); });
    dead.wait_until_stalled();
    const std::uint64_t offset = resumable->resume(alice, upload.id).offset;
    older.join();
    BOOST_TEST(refusal == "a newer request has taken over the upload " + upload.id);
    BOOST_TEST(offset == mebibyte);
    StalledClient again(text.substr(offset, mebibyte));
    older = std::thread([&] {
        refusal = error_of(ErrorKind::locked, [&] { resumable->append(alice, upload.id, again.chunk(offset)); });
    });
    again.wait_until_stalled();
    // This request does not know how many bytes the older one has stored.
    BOOST_TEST(throws(ErrorKind::conflict, [&] { append(upload, offset, text.substr(offset)); }));
    older.join();
    BOOST_TEST(append(upload, 2 * mebibyte, text.substr(2 * mebibyte)).is_done);
    BOOST_TEST(local->contents(uri(image)).value() == text);
}

BOOST_AUTO_TEST_CASE(a_look_lets_a_running_request_alone) {
    const Upload upload = create(queued(), 3 * mebibyte);
    StalledClient slow("bytes");
    bool is_cut = false;
    std::thread older(
        [&] { is_cut = throws(ErrorKind::gone, [&] { resumable->append(alice, upload.id, slow.chunk()); }); });
    slow.wait_until_stalled();
    BOOST_TEST(resumable->get(alice, upload.id).offset == 0U);
    BOOST_TEST(running.count() == 1U);
    resumable->terminate(alice, upload.id);
    older.join();
    BOOST_TEST(is_cut);
    BOOST_TEST(running.count() == 0U);
    BOOST_TEST(is_unknown(upload));
}

BOOST_AUTO_TEST_CASE(only_the_bytes_that_count_are_gone_on_with) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    staging.open(upload.id).write(2, std::as_bytes(std::span("garbage", 7)));
    append(upload, 2, "l");
    BOOST_TEST(staged(upload) == "hel");
    staging.open(upload.id).truncate(1);
    BOOST_TEST(throws(ErrorKind::gone, [&] { append(upload, 3, "lo"); }));
    check_queued(image, "bytes of the upload were lost");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_storing_and_what_came_stays) {
    const Image image = queued();
    const Upload upload = create(image, 2 * mebibyte);
    local->hold(Operation::create);
    bool is_refused = false;
    std::thread storing(
        [&] { is_refused = throws(ErrorKind::unavailable, [&] { append(upload, 0, sample_bytes(2 * mebibyte)); }); });
    local->wait_until_held(Operation::create);
    resumable->stop();
    local->release(Operation::create);
    storing.join();
    BOOST_TEST(is_refused);
    BOOST_TEST(status_of(image) == Status::saving);
    resumable = make();
    resumable->recover();
    const std::uint64_t offset = resumable->resume(alice, upload.id).offset;
    BOOST_TEST(append(upload, offset, sample_bytes(2 * mebibyte).substr(offset)).is_done);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_such_image_end_the_upload) {
    Image image = queued();
    images.update(alice, image.id, {{AttributeChange::Operation::add, "disk_format", "qcow2"}});
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { append(upload, 2, "llo"); }));
    check_queued(image, "qcow2");
    BOOST_TEST(is_unknown(upload));
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_is_tried_again_and_nobody_takes_the_upload_for_done) {
    for (const auto operation : {Operation::create, Operation::write, Operation::commit}) {
        const Image image = queued();
        const Upload upload = create(image, 5);
        append(upload, 0, "he");
        local->fail(operation, 1, Error(ErrorKind::unavailable, "the store is down"));
        BOOST_TEST(throws(ErrorKind::unavailable, [&] { append(upload, 2, "llo"); }));
        const Image after = find(image.id).value();
        BOOST_TEST(after.status == Status::saving);
        BOOST_TEST(after.status_reason.find("the store is down") != std::string::npos, after.status_reason);
        BOOST_TEST(resumable->resume(alice, upload.id).offset == 2U);
        BOOST_TEST(local->temporary_count() == 0U);
        BOOST_TEST(append(upload, 2, "llo").is_done);
        BOOST_TEST(find(image.id).value().status_reason == "");
        BOOST_TEST(local->contents(uri(image)).value() == "hello");
    }
}

BOOST_AUTO_TEST_CASE(a_catalog_that_fails_at_the_end_is_tried_again) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    refuse_status(Status::active);
    BOOST_TEST(throws(ErrorKind::internal, [&] { append(upload, 0, "hello"); }));
    heal_catalog();
    BOOST_TEST(resumable->resume(alice, upload.id).offset == 0U);
    BOOST_TEST(local->image_count() == 1U);
    local->fail(Operation::create, 1, Error(ErrorKind::unavailable, "the store is down"));
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { append(upload, 0, "hello"); }));
    BOOST_TEST(local->image_count() == 0U);  // the retry first removes the bytes of the failed attempt
    BOOST_TEST(append(upload, 0, "hello").is_done);
    BOOST_TEST(local->image_count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
