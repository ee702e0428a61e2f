#include "service/uploads/uploads.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/sample_bytes.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Uploading : ServiceFixture {
    service::Uploads uploads{
        catalog, stores, buffers, running, quotas, clock, {.image_size_cap = 8 * mebibyte, .hash_algorithm = "sha512"}};

    Image upload(const Image& image, const std::string& text, std::optional<std::uint64_t> size = {}) {
        return uploads.upload(alice, {.image_id = image.id, .size = size, .store = {}, .source = source_of(text)});
    }
    void check_nothing_left(const Image& image, const std::string& reason) {
        const Image after = find(image.id).value();
        BOOST_TEST(after.status == Status::queued);
        BOOST_TEST(after.status_reason.find(reason) != std::string::npos, after.status_reason);
        BOOST_TEST(after.locations.empty());
        BOOST_TEST(!after.size.has_value());
        BOOST_TEST(!after.checksum.has_value());
        BOOST_TEST(local->image_count() == 0U);
        BOOST_TEST(local->temporary_count() == 0U);
        BOOST_TEST(running.count() == 0U);
        BOOST_TEST(buffers.in_use() == 0U);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(uploads_of_data, Uploading)

BOOST_AUTO_TEST_CASE(an_upload_makes_the_image_active_with_size_and_digests) {
    const Image image = queued();
    clock.advance_us(7);
    const Image uploaded = upload(image, "hello", 5);
    for (const Image& seen : {uploaded, images.get(alice, image.id)}) {
        BOOST_TEST(seen.status == Status::active);
        BOOST_TEST(seen.size.value() == 5U);
        BOOST_TEST(seen.virtual_size.value() == 5U);
        BOOST_TEST(seen.checksum.value() == "5d41402abc4b2a76b9719d911017c592");
        BOOST_TEST(seen.os_hash_algo.value() == "sha512");
        BOOST_TEST(seen.os_hash_value.value().starts_with("9b71d224bd62f378"));
        BOOST_TEST(seen.updated_at == clock.now_us());
        BOOST_REQUIRE(seen.locations.size() == 1U);
        BOOST_TEST(seen.locations[0].store == "local");
        BOOST_TEST((seen.locations[0].state == Location::State::stored));
        BOOST_TEST(seen.locations[0].size == 5U);
    }
    BOOST_TEST(local->contents(uri(image)).value() == "hello");
    BOOST_TEST(running.count() == 0U);
}

BOOST_AUTO_TEST_CASE(data_goes_to_the_store_that_is_asked_for) {
    const Image image = queued();
    uploads.upload(alice, {.image_id = image.id, .size = {}, .store = "spare", .source = source_of("x")});
    BOOST_TEST(spare->image_count() == 1U);
    BOOST_TEST(local->image_count() == 0U);
    const Image other = queued();
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   uploads.upload(alice, {.image_id = other.id, .size = {}, .store = "attic", .source = source_of("")});
               }).find("attic") != std::string::npos);
    BOOST_TEST(status_of(other) == Status::queued);
}

BOOST_AUTO_TEST_CASE(every_failure_of_the_store_gives_the_image_back_with_the_reason) {
    const std::string text = sample_bytes(3 * mebibyte);
    for (const auto operation : {Operation::create, Operation::write, Operation::commit}) {
        const Image image = queued();
        local->fail(operation, 1, Error(ErrorKind::storage_full, "the disk is full"));
        BOOST_TEST(error_of(ErrorKind::storage_full, [&] { upload(image, text); }) == "the disk is full");
        check_nothing_left(image, "the disk is full");
        BOOST_TEST(upload(image, "again").status == Status::active);
        BOOST_TEST(images.get(alice, image.id).status_reason == "");
        images.remove(alice, image.id);
        scrub(purge_of(image));
    }
}

BOOST_AUTO_TEST_CASE(every_failure_of_the_source_gives_the_image_back_with_the_reason) {
    for (const std::size_t fail_at : {std::size_t{0}, std::size_t{1000}, 3 * mebibyte}) {
        const Image image = queued();
        std::size_t given = 0;
        const auto source = [&](std::span<std::byte> out) -> std::size_t {
            if (given >= fail_at) throw Error(ErrorKind::disconnected, "the client went away");
            std::memset(out.data(), 'x', out.size());
            given += out.size();
            return out.size();
        };
        BOOST_TEST(error_of(ErrorKind::disconnected, [&] {
                       uploads.upload(alice, {.image_id = image.id, .size = {}, .store = {}, .source = source});
                   }) == "the client went away");
        check_nothing_left(image, "the client went away");
    }
}

BOOST_AUTO_TEST_CASE(an_upload_of_another_size_than_declared_is_no_image) {
    const Image image = queued();
    BOOST_TEST(error_of(ErrorKind::disconnected, [&] { upload(image, "1234", 5); }).find("after 4 of 5 bytes") !=
               std::string::npos);
    check_nothing_left(image, "after 4 of 5 bytes");
}

BOOST_AUTO_TEST_CASE(an_image_beyond_the_cap_is_refused_declared_or_not) {
    const Image image = queued();
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { upload(image, "", 8 * mebibyte + 1); }).find("image_size_cap") !=
               std::string::npos);
    BOOST_TEST(status_of(image) == Status::queued);
    BOOST_TEST(local->calls(Operation::create) == 0U);
    const std::string text = sample_bytes(8 * mebibyte + 1);
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { upload(image, text); }).find("image_size_cap") !=
               std::string::npos);
    check_nothing_left(image, "larger than");
    BOOST_TEST(upload(image, text.substr(1)).size.value() == 8 * mebibyte);
}

BOOST_AUTO_TEST_CASE(a_full_store_refuses_before_the_first_byte) {
    local->set_capacity(10);
    const Image image = queued();
    const auto never = [](std::span<std::byte>) -> std::size_t { throw std::logic_error("asked"); };
    BOOST_TEST(error_of(ErrorKind::storage_full, [&] {
                   uploads.upload(alice, {.image_id = image.id, .size = 11, .store = {}, .source = never});
               }) == "the store is full");
    check_nothing_left(image, "the store is full");
}

BOOST_AUTO_TEST_CASE(a_mislabelled_image_is_refused) {
    Image image = queued();
    images.update(alice, image.id, {{AttributeChange::Operation::add, "disk_format", "qcow2"}});
    error_of(ErrorKind::bad_request, [&] { upload(image, "no qcow2 at all"); });
    check_nothing_left(image, "qcow2");
}

BOOST_AUTO_TEST_CASE(an_image_without_formats_takes_no_data) {
    const Image image = images.create(alice, {});
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { upload(image, "x"); }) ==
               "Properties disk_format, container_format must be set prior to saving data.");
}

BOOST_AUTO_TEST_CASE(an_image_takes_data_once_and_from_one_upload_at_a_time) {
    const Image image = queued();
    local->hold(Operation::commit);
    std::thread first([&] { upload(image, "first"); });
    local->wait_until_held(Operation::commit);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] {
                   upload(image, "second");
               }).starts_with("the image " + image.id + " is saving"));
    local->release(Operation::commit);
    first.join();
    BOOST_TEST(error_of(ErrorKind::conflict, [&] {
                   upload(image, "third");
               }).starts_with("the image " + image.id + " is active"));
    BOOST_TEST(local->contents(uri(image)).value() == "first");
}

BOOST_AUTO_TEST_CASE(no_more_uploads_run_than_may) {
    const service::RunningUploads::Ticket one(running, new_uuid()), two(running, new_uuid());
    const Image image = queued();
    BOOST_TEST(
        error_of(ErrorKind::too_many_requests, [&] { upload(image, "x"); }).starts_with("2 uploads are running"));
    BOOST_TEST(status_of(image) == Status::queued);
}

BOOST_AUTO_TEST_CASE(an_image_deleted_in_mid_upload_is_gone_and_leaves_nothing) {
    const auto check_gone = [&](const Image& image) {
        BOOST_TEST(status_of(image) == Status::deleted);
        BOOST_TEST(local->image_count() == 0U);
        BOOST_TEST(local->temporary_count() == 0U);
        const bool is_known =
            catalog.read([&](catalog::Connection& db) { return db.prepare("SELECT 1 FROM image_locations").step(); });
        BOOST_TEST(!is_known);
    };
    // The image is deleted while the source is read.
    const Image image = queued();
    bool asked_again = false;
    const auto source = [&, calls = 0](std::span<std::byte> out) mutable {
        if (calls++ == 0) images.remove(alice, image.id);
        asked_again = calls > 1;
        std::memset(out.data(), 'x', out.size());
        return out.size();
    };
    BOOST_TEST(error_of(ErrorKind::gone, [&] {
                   uploads.upload(alice, {.image_id = image.id, .size = {}, .store = {}, .source = source});
               }) == "the image " + image.id + " was deleted while its data was uploaded");
    BOOST_TEST(!asked_again);
    check_gone(image);

    // The image is deleted while the store makes its bytes durable.
    const Image late = queued();
    local->hold(Operation::commit);
    std::string refusal;
    std::thread uploading([&] { refusal = error_of(ErrorKind::gone, [&] { upload(late, "x"); }); });
    local->wait_until_held(Operation::commit);
    images.remove(alice, late.id);
    local->release(Operation::commit);
    uploading.join();
    BOOST_TEST(refusal == "the image " + late.id + " was deleted while its data was uploaded");
    check_gone(late);
}

BOOST_AUTO_TEST_CASE(a_catalog_that_fails_at_the_end_leaves_nothing) {
    const Image image = queued();
    refuse_status(Status::active);
    BOOST_TEST(error_of(ErrorKind::internal, [&] { upload(image, "x"); }).find("told to fail") != std::string::npos);
    check_nothing_left(image, "told to fail");
    heal_catalog();
    BOOST_TEST(upload(image, "x").status == Status::active);
}

BOOST_AUTO_TEST_CASE(a_catalog_that_fails_at_the_beginning_asks_for_no_byte) {
    const Image image = queued();
    refuse_status(Status::saving);
    error_of(ErrorKind::internal, [&] { upload(image, "x"); });
    BOOST_TEST(local->calls(Operation::create) == 0U);
    BOOST_TEST(find(image.id).value().locations.empty());
    BOOST_TEST(status_of(image) == Status::queued);
}

BOOST_AUTO_TEST_CASE(an_image_whose_bytes_cannot_be_removed_tells_why_it_is_stuck) {
    const Image image = queued();
    refuse_status(Status::active);
    local->fail_always(Operation::remove);
    error_of(ErrorKind::internal, [&] { upload(image, "x"); });
    const Image after = find(image.id).value();
    BOOST_TEST(after.status == Status::saving);
    BOOST_TEST(after.locations.size() == 1U);
    BOOST_TEST(after.status_reason.find("told to fail") != std::string::npos);
    BOOST_TEST(after.status_reason.find("could not be removed (the store is down)") != std::string::npos);
    BOOST_TEST(running.count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
