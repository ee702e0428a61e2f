#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <future>
#include <thread>

#include "catalog/operation/event_table.hpp"
#include "service/uploads/recovery.hpp"
#include "service/uploads/upload_mender.hpp"
#include "tests/sample_bytes.hpp"
#include "tests/service/uploads/resumable_fixture.hpp"

// Tests of how resumable uploads begin and end.

using namespace reprieve;
using namespace reprieve::tests;

BOOST_FIXTURE_TEST_SUITE(resumable_uploads, Resumable)

BOOST_AUTO_TEST_CASE(an_upload_in_parts_makes_the_image_active_with_the_right_digests) {
    const Image image = queued();
    const Upload begun = create(image, 5);
    BOOST_TEST(begun.offset == 0U);
    BOOST_TEST(begun.expires_at == clock.now_us() + day_us);
    BOOST_TEST(status_of(image) == Status::saving);
    clock.advance_us(7);
    const Upload half = append(begun, 0, "he");
    BOOST_TEST(half.offset == 2U);
    BOOST_TEST(half.expires_at == clock.now_us() + day_us);
    BOOST_TEST(staged(begun) == "he");
    BOOST_TEST(status_of(image) == Status::saving);
    BOOST_TEST(local->image_count() == 0U);
    const Upload whole = append(begun, 2, "llo");
    BOOST_TEST(whole.offset == 5U);
    BOOST_TEST(whole.is_done);
    const Image after = images.get(alice, image.id);
    BOOST_TEST(after.status == Status::active);
    BOOST_TEST(after.size.value() == 5U);
    BOOST_TEST(after.checksum.value() == "5d41402abc4b2a76b9719d911017c592");
    BOOST_TEST(local->contents(uri(image)).value() == "hello");
    BOOST_TEST(staging.ids().empty());
    BOOST_TEST(usage() == 5U);
    BOOST_TEST(running.count() == 0U);
    BOOST_TEST(buffers.in_use() == 0U);
    // A client that lost the last answer can ask for the result.
    const Upload seen = resumable->resume(alice, begun.id);
    BOOST_TEST(seen.offset == 5U);
    BOOST_TEST(seen.metadata == "m");
    BOOST_TEST(append(begun, 5, "").is_done);
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { append(begun, 5, "!"); }));
}

BOOST_AUTO_TEST_CASE(an_image_has_an_open_upload_until_that_is_done_or_over) {
    const Image image = queued(), other = queued();
    const auto open_to = [&](const Image& of) { return resumable->open_to(images.get(alice, of.id)); };
    BOOST_TEST(!open_to(image));
    const Upload begun = create(image, 5), second = create(other, 5);
    append(begun, 0, "he");
    BOOST_TEST(open_to(image).value().offset == 2U);
    append(begun, 2, "llo");
    BOOST_TEST(!open_to(image));
    // A crash can leave an upload whose image was already returned to `queued`.
    Image given_back = images.get(alice, other.id);
    BOOST_TEST(resumable->open_to(given_back).value().id == second.id);
    given_back.locations.clear();
    BOOST_TEST(!resumable->open_to(given_back));
    clock.advance_us(day_us);
    BOOST_TEST(!open_to(other));
}

BOOST_AUTO_TEST_CASE(bytes_can_come_with_the_creation_and_an_empty_image_needs_none) {
    const Image image = queued(), empty = queued();
    const auto first = [&](const std::string& text) {
        return ResumableUploads::Creation{
            .image_id = image.id, .store = {}, .metadata = {}, .length = 5, .first = Chunk{.source = source_of(text)}};
    };
    BOOST_TEST(resumable->create(alice, first("hel")).offset == 3U);
    BOOST_TEST(resumable->create(alice, first("hello")).is_done);
    BOOST_TEST(local->contents(uri(image)).value() == "hello");
    BOOST_TEST(create(empty, 0).is_done);
    BOOST_TEST(status_of(empty) == Status::active);
}

BOOST_AUTO_TEST_CASE(a_creation_whose_bytes_fail_leaves_no_upload) {
    const Image image = queued();
    const auto gone = [](std::span<std::byte>) -> std::size_t { throw Error(ErrorKind::disconnected, "gone away"); };
    BOOST_TEST(throws(ErrorKind::disconnected, [&] {
        resumable->create(
            alice, {.image_id = image.id, .store = {}, .metadata = {}, .length = 5, .first = Chunk{.source = gone}});
    }));
    check_queued(image, "gone away");
}

BOOST_AUTO_TEST_CASE(an_upload_goes_on_after_a_new_start) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    // Bytes after the offset do not count, and a crash can leave any there.
    staging.open(upload.id).write(2, std::as_bytes(std::span("garbage", 7)));
    staging.create(new_uuid());
    resumable.reset();
    BOOST_TEST(service::recover(catalog, stores).uploads == 0U);
    resumable = make();
    resumable->recover();
    BOOST_TEST((staging.ids() == std::vector{upload.id}));
    BOOST_TEST(staged(upload) == "he");
    BOOST_TEST(status_of(image) == Status::saving);
    BOOST_TEST(usage() == 5U);
    BOOST_TEST(resumable->resume(alice, upload.id).offset == 2U);
    BOOST_TEST(append(upload, 2, "llo").is_done);
    BOOST_TEST(images.get(alice, image.id).checksum.value() == "5d41402abc4b2a76b9719d911017c592");
}

BOOST_AUTO_TEST_CASE(an_upload_that_lost_its_bytes_is_given_back_at_the_start) {
    const Image lost = queued(), cut = queued();
    const Upload without = create(lost, 5), shorter = create(cut, 5);
    append(without, 0, "he");
    append(shorter, 0, "he");
    staging.remove(without.id);
    staging.open(shorter.id).truncate(1);
    resumable = make();
    resumable->recover();
    for (const Image& image : {lost, cut}) check_queued(image, "bytes of the upload were lost");
    BOOST_TEST(is_unknown(without));
}

BOOST_AUTO_TEST_CASE(an_upload_that_is_ended_gives_the_image_back) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    resumable->terminate(alice, upload.id);
    check_queued(image, "the upload was ended");
    BOOST_TEST(is_unknown(upload));
    BOOST_TEST(throws(ErrorKind::not_found, [&] { append(upload, 2, "llo"); }));
    BOOST_TEST(throws(ErrorKind::not_found, [&] { resumable->terminate(alice, upload.id); }));
    // The end of a completed upload does not affect its image.
    const Upload other = create(image, 5);
    append(other, 0, "hello");
    resumable->terminate(alice, other.id);
    BOOST_TEST(is_unknown(other));
    BOOST_TEST(status_of(image) == Status::active);
}

BOOST_AUTO_TEST_CASE(an_upload_can_be_ended_while_its_image_is_stored) {
    const Image image = queued();
    const Upload upload = create(image, 2 * mebibyte);
    local->hold(Operation::write);
    std::string refusal;
    std::thread older(
        [&] { refusal = error_of(ErrorKind::gone, [&] { append(upload, 0, sample_bytes(2 * mebibyte)); }); });
    local->wait_until_held(Operation::write);
    std::thread ending([&] { resumable->terminate(alice, upload.id); });
    local->release(Operation::write);
    older.join();
    ending.join();
    // Either may be first, so the image is stored, or returned to `queued`.
    BOOST_TEST(status_of(image) == (refusal == "nothing was thrown" ? Status::active : Status::queued));
    BOOST_TEST(usage() == (refusal == "nothing was thrown" ? 2 * mebibyte : 0));
    BOOST_TEST(staging.ids().empty());
    BOOST_TEST(is_unknown(upload));
}

BOOST_AUTO_TEST_CASE(an_abandoned_upload_expires) {
    const Image image = queued(), kept = queued();
    const Upload upload = create(image, 5), other = create(kept, 5);
    append(upload, 0, "he");
    clock.advance_us(day_us - 1);
    append(other, 0, "he");
    BOOST_TEST(resumable->sweep() == 0U);
    clock.advance_us(1);
    BOOST_TEST(throws(ErrorKind::gone, [&] { resumable->resume(alice, upload.id); }));
    BOOST_TEST(throws(ErrorKind::gone, [&] { append(upload, 2, "llo"); }));
    BOOST_TEST(resumable->sweep() == 1U);
    BOOST_TEST(is_unknown(upload));
    BOOST_TEST(status_of(image) == Status::queued);
    BOOST_TEST(find(image.id).value().status_reason.find("no data came for 1d") != std::string::npos);
    BOOST_TEST((staging.ids() == std::vector{other.id}));
    BOOST_TEST(append(other, 2, "llo").is_done);
    clock.advance_us(day_us);
    BOOST_TEST(resumable->sweep() == 1U);
    BOOST_TEST(status_of(kept) == Status::active);
}

BOOST_AUTO_TEST_CASE(an_upload_to_an_image_that_is_deleted_is_gone) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    images.remove(alice, image.id);
    BOOST_TEST(throws(ErrorKind::gone, [&] { append(upload, 2, "llo"); }));
    BOOST_TEST(resumable->sweep() == 1U);
    BOOST_TEST(staging.ids().empty());
    BOOST_TEST(usage() == 0U);
    BOOST_TEST(service::recover(catalog, stores).uploads == 0U);

    // Now the image is deleted while its bytes arrive.
    const Image other = queued();
    const Upload running_one = create(other, 3 * mebibyte);
    const auto source = [&, calls = 0](std::span<std::byte> out) mutable {
        if (calls++ == 0) images.remove(alice, other.id);
        std::memset(out.data(), 'x', out.size());
        return out.size();
    };
    BOOST_TEST(
        throws(ErrorKind::gone, [&] { resumable->append(alice, running_one.id, {.offset = 0, .source = source}); }));
    BOOST_TEST(throws(ErrorKind::gone, [&] { resumable->get(alice, running_one.id); }));
    BOOST_TEST(resumable->sweep() == 1U);
    BOOST_TEST(staging.ids().empty());
}

BOOST_AUTO_TEST_CASE(the_mender_is_called_only_after_the_row_of_the_upload_is_gone) {
    std::size_t left = 0;
    service::UploadMender mender(catalog, stores, running, clock);
    ResumableUploads leaving(
        catalog, staging, stores, uploads, running, buffers, quotas, clock,
        {.size_cap = 8 * mebibyte, .expire_after_us = day_us, .left_behind = [&] { left = mender.mend(); }});
    spare->fail_always(FaultyStore::Operation::remove);
    const Image image = queued();
    const Upload upload = leaving.create(alice, {.image_id = image.id, .store = "spare", .metadata = {}, .length = 5});
    leaving.terminate(alice, upload.id);
    BOOST_TEST(left == 1U);
    spare->heal();
    BOOST_TEST(mender.mend() == 0U);
    BOOST_TEST(status_of(image) == Status::queued);
}

BOOST_AUTO_TEST_CASE(an_upload_to_an_image_that_is_given_away_leaves_it_to_its_new_owner) {
    const Image image = queued();
    const Upload upload = create(image, 5);
    append(upload, 0, "he");
    images.update(alice, image.id, {{AttributeChange::Operation::replace, "owner", "other"}});
    BOOST_TEST(throws(ErrorKind::gone, [&] { append(upload, 2, "llo"); }));
    BOOST_TEST(resumable->sweep() == 1U);
    check_queued(image, "its creator may not continue it");

    // Now the owner changes while the store commits.
    const Image second = queued();
    const Upload whole = create(second, 5);
    local->hold(FaultyStore::Operation::commit);
    auto last =
        std::async(std::launch::async, [&] { return throws(ErrorKind::gone, [&] { append(whole, 0, "hello"); }); });
    local->wait_until_held(FaultyStore::Operation::commit);
    write("UPDATE images SET owner = 'other' WHERE id = '" + second.id + "'");
    local->release(FaultyStore::Operation::commit);
    BOOST_TEST(last.get());
    check_queued(second, "was ended");
    BOOST_TEST(is_unknown(whole));
}

BOOST_AUTO_TEST_CASE(an_upload_is_its_creators_alone) {
    Image draft;
    draft.disk_format = "raw";
    draft.container_format = "bare";
    const Image image = images.create(bob, std::move(draft));
    const Upload upload = resumable->create(bob, {.image_id = image.id, .store = {}, .metadata = {}, .length = 5});
    Caller ben = bob, elsewhere = bob, demoted = bob;
    ben.user = "ben";
    elsewhere.project = "attic";
    demoted.is_member = false;
    StalledClient slow("he");
    std::thread own(
        [&] { error_of(ErrorKind::disconnected, [&] { resumable->append(bob, upload.id, slow.chunk()); }); });
    slow.wait_until_stalled();
    for (const Caller& other : {alice, ben, elsewhere, mallory, rita}) {
        const auto check = [&](const auto& work) {
            BOOST_TEST(error_of(ErrorKind::not_found, work) == "There is no upload with ID " + upload.id);
        };
        check([&] { resumable->get(other, upload.id); });
        check([&] { resumable->resume(other, upload.id); });
        check([&] { resumable->append(other, upload.id, {.offset = 0, .source = source_of("x")}); });
        check([&] { resumable->terminate(other, upload.id); });
    }
    BOOST_TEST(throws(ErrorKind::forbidden, [&] { resumable->resume(demoted, upload.id); }));
    // None of these callers has ended the running request.
    BOOST_TEST(running.count() == 1U);
    BOOST_TEST(resumable->resume(bob, upload.id).offset == 0U);
    own.join();
    const auto begins = [&](const Caller& other) {
        resumable->create(other, {.image_id = image.id, .store = {}, .metadata = {}, .length = 5});
    };
    BOOST_TEST(throws(ErrorKind::forbidden, [&] { begins(rita); }));
    BOOST_TEST(throws(ErrorKind::forbidden, [&] { begins(demoted); }));
    BOOST_TEST(throws(ErrorKind::not_found, [&] { begins(mallory); }));
    BOOST_TEST(throws(ErrorKind::conflict, [&] { begins(ben); }));
    BOOST_TEST((staging.ids() == std::vector{upload.id}));
    BOOST_TEST(resumable->append(bob, upload.id, {.offset = 0, .source = source_of("hello")}).is_done);
}

BOOST_AUTO_TEST_CASE(a_new_upload_takes_the_place_of_one_whose_address_was_lost) {
    const Image image = queued();
    const Upload lost = create(image, 5), upload = create(image, 5);
    BOOST_TEST(is_unknown(lost));
    BOOST_TEST((staging.ids() == std::vector{upload.id}));
    BOOST_TEST(usage() == 5U);
    BOOST_TEST(append(upload, 0, "hello").is_done);
    BOOST_TEST(throws(ErrorKind::conflict, [&] { create(image, 5); }));
}

BOOST_AUTO_TEST_CASE(the_bytes_are_reserved_in_the_limits_from_the_start) {
    const service::Quotas limits(catalog, {.project_bytes = 10});
    service::Uploads limited{
        catalog, stores, buffers, running, limits, clock, {.image_size_cap = 8 * mebibyte, .hash_algorithm = "sha512"}};
    ResumableUploads bounded(catalog, staging, stores, limited, running, buffers, limits, clock,
                             {.size_cap = 8 * mebibyte, .expire_after_us = day_us});
    const auto begin = [&](std::optional<std::uint64_t> length) {
        return bounded.create(alice, {.image_id = queued().id, .store = {}, .metadata = {}, .length = length});
    };
    const auto add = [&](const Upload& upload, std::uint64_t offset, const std::string& text,
                         std::optional<std::uint64_t> length = {}) {
        return bounded.append(alice, upload.id, {.offset = offset, .length = length, .source = source_of(text)});
    };
    const Upload six = begin(6);
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { begin(5); }).find("limits.project_bytes") != std::string::npos);
    const Upload unknown = begin({});
    BOOST_TEST(add(unknown, 0, "abc").offset == 3U);
    BOOST_TEST(throws(ErrorKind::too_large, [&] { add(unknown, 3, "de"); }));
    BOOST_TEST(bounded.get(alice, unknown.id).offset >= 3U);
    BOOST_TEST(throws(ErrorKind::too_large, [&] { add(unknown, bounded.get(alice, unknown.id).offset, "", 5); }));
    BOOST_TEST(usage() <= 10U);
    bounded.terminate(alice, unknown.id);
    BOOST_TEST(usage() == 6U);
    BOOST_TEST(add(six, 0, "abcdef").is_done);
    BOOST_TEST(usage() == 6U);
}

BOOST_AUTO_TEST_CASE(what_the_disk_cannot_hold_is_refused_before_a_byte_comes) {
    const Image image = queued();
    store::StagingFolder full(folder.path() + "/full", std::uint64_t{1} << 62);
    ResumableUploads bounded(catalog, full, stores, uploads, running, buffers, quotas, clock,
                             {.size_cap = 8 * mebibyte, .expire_after_us = day_us});
    BOOST_TEST(throws(ErrorKind::storage_full, [&] {
        bounded.create(alice, {.image_id = image.id, .store = {}, .metadata = {}, .length = 5});
    }));
    check_queued(image, "");
    BOOST_TEST(full.ids().empty());
}

BOOST_AUTO_TEST_CASE(no_more_requests_run_than_may) {
    const service::RunningUploads::Ticket one(running, new_uuid()), two(running, new_uuid());
    const Upload upload = create(queued(), 5);
    BOOST_TEST(throws(ErrorKind::too_many_requests, [&] { append(upload, 0, "hello"); }));
}

BOOST_AUTO_TEST_CASE(the_audit_trail_tells_how_an_upload_went) {
    const Image image = queued();
    resumable->terminate(alice, create(image, 5).id);
    append(create(image, 5), 0, "hello");
    std::vector<std::string> told;
    catalog.read([&](catalog::Connection& db) {
        for (const Event& event : catalog::list_events(db, {.target = image.id}))
            told.push_back(event.action + ": " + event.detail);
    });
    BOOST_TEST((told == std::vector<std::string>{"image.upload: 5 bytes", "upload.create: 5 bytes",
                                                 "upload.end: the upload was ended: upload the data again",
                                                 "upload.create: 5 bytes", "image.create: "}));
}

BOOST_AUTO_TEST_SUITE_END()
