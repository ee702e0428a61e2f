#include "service/images/downloads.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Downloading : ServiceFixture {
    service::Downloads downloads{catalog, stores, audit, clock, 2};

    static std::string read(service::Downloads::Opened&& opened) { return read(opened); }
    static std::string read(service::Downloads::Opened& opened) {
        std::string text(opened.size(), '\0');
        text.resize(opened.read(0, std::as_writable_bytes(std::span(text))));
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(downloads_of_data, Downloading)

BOOST_AUTO_TEST_CASE(the_bytes_of_an_active_image_are_read) {
    const Image image = active("hello");
    auto opened = downloads.open(alice, image.id);
    BOOST_TEST(opened.image().id == image.id);
    BOOST_TEST(read(opened) == "hello");
}

BOOST_AUTO_TEST_CASE(an_image_without_data_has_nothing_to_read) {
    BOOST_TEST(!downloads.open(alice, queued().id).has_data());
    const Image saving = active();
    write("UPDATE images SET status = 1");
    write("UPDATE image_locations SET state = 0");
    BOOST_TEST(!downloads.open(alice, saving.id).has_data());
}

BOOST_AUTO_TEST_CASE(only_an_admin_reads_a_deactivated_image) {
    const Image image = active();
    images.deactivate(alice, image.id);
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] {
                   downloads.open({.user = "bob", .project = "default", .is_admin = false}, image.id);
               }) == "the image " + image.id + " is deactivated: an admin can reactivate it");
    BOOST_TEST(read(downloads.open(alice, image.id)) == "bytes");
}

BOOST_AUTO_TEST_CASE(an_image_in_the_bin_is_not_found_and_one_that_is_read_stays_readable) {
    const Image image = active("hello");
    auto opened = downloads.open(alice, image.id);
    images.remove(alice, image.id);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { downloads.open(alice, image.id); }) ==
               "No image found with ID " + image.id);
    scrub(purge_of(image));
    BOOST_TEST(local->image_count() == 0U);
    BOOST_TEST(read(opened) == "hello");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_missing_are_told_from_an_image_that_was_scrubbed_meanwhile) {
    const Image lost = active();
    local->lose(uri(lost));
    const std::string missing = error_of(ErrorKind::unavailable, [&] { downloads.open(alice, lost.id); });
    BOOST_TEST(missing.find(lost.id) != std::string::npos);
    BOOST_TEST(missing.ends_with("is missing: run 'reprieve check' for details"));

    const Image scrubbed = active();
    local->hold(Operation::open);
    std::string message;
    std::thread reading([&] { message = error_of(ErrorKind::not_found, [&] { downloads.open(alice, scrubbed.id); }); });
    local->wait_until_held(Operation::open);
    images.remove(alice, scrubbed.id);
    scrub(purge_of(scrubbed));
    local->release(Operation::open);
    reading.join();
    BOOST_TEST(message == "No image found with ID " + scrubbed.id);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_down_or_not_configured_is_unavailable) {
    const Image image = active();
    local->fail(Operation::open, 1);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { downloads.open(alice, image.id); }) == "the store is down");
    write("UPDATE image_locations SET store = 'attic'");
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { downloads.open(alice, image.id); }).find("'attic'") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_copy_that_fails_is_followed_by_the_next_one) {
    const Image image = active("hello", {"local", "spare"});
    local->fail(Operation::open, 1);
    BOOST_TEST(read(downloads.open(alice, image.id)) == "hello");
    local->fail(Operation::read, 1);
    BOOST_TEST(read(downloads.open(alice, image.id)) == "hello");
    local->lose(uri(image));
    BOOST_TEST(read(downloads.open(alice, image.id)) == "hello");
    local->put(image.id, "hell");
    BOOST_TEST(read(downloads.open(alice, image.id)) == "hello");
    spare->fail_always(Operation::open);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { downloads.open(alice, image.id); }).find("another length") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(behind_the_first_byte_only_a_copy_that_is_the_same_goes_on) {
    const auto read_on_after_a_failure = [&](const Image& image) {
        auto opened = downloads.open(alice, image.id);
        std::string text(5, '\0');
        const auto out = std::as_writable_bytes(std::span(text));
        opened.read(0, out.first(2));
        local->fail(Operation::read, 1);
        opened.read(2, out.subspan(2));
        return text;
    };
    const Image unknown = active("hello", {"local", "spare"});
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { read_on_after_a_failure(unknown); }) == "the store is down");
    write("UPDATE images SET os_hash_algo = 'sha512', os_hash_value = 'ab'");
    BOOST_TEST(read_on_after_a_failure(unknown) == "hello");
    write("UPDATE image_locations SET has_digest = 0 WHERE store = 'spare'");
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { read_on_after_a_failure(unknown); }) == "the store is down");
}

BOOST_AUTO_TEST_CASE(no_more_downloads_run_than_may_and_every_end_makes_room) {
    const Image image = active();
    auto one = downloads.open(alice, image.id);
    const auto two = downloads.open(alice, image.id);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(error_of(ErrorKind::too_many_requests, [&] {
                       downloads.open(alice, image.id);
                   }).starts_with("2 downloads are running"));
    one = {};
    local->fail(Operation::open, 1);
    error_of(ErrorKind::unavailable, [&] { downloads.open(alice, image.id); });
    BOOST_TEST(read(downloads.open(alice, image.id)) == "bytes");
}

BOOST_AUTO_TEST_SUITE_END()
