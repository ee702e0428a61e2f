#include "service/bin/trash.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/hang_limit.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

/// Returns all attributes of an image as one text, for a comparison.
std::string whole(const Image& image) {
    std::string text;
    const auto add = [&](const std::string& part) { text += part + '|'; };
    const auto maybe = [&](const auto& part) {
        if constexpr (requires { add(*part); })
            add(part ? *part : "null");
        else
            add(part ? std::to_string(*part) : "null");
    };
    add(std::to_string(image.number) + ' ' + image.id + ' ' + image.owner + ' ' + image.created_by + ' ' +
        image.status_reason);
    for (const auto number : {static_cast<std::int64_t>(image.status), static_cast<std::int64_t>(image.visibility),
                              std::int64_t{image.is_protected}, std::int64_t{image.is_hidden}, image.min_disk,
                              image.min_ram, image.created_at, image.updated_at})
        add(std::to_string(number));
    maybe(image.name);
    maybe(image.disk_format);
    maybe(image.container_format);
    maybe(image.size);
    maybe(image.virtual_size);
    maybe(image.checksum);
    maybe(image.os_hash_algo);
    maybe(image.os_hash_value);
    add(image.deletion ? "deleted" : "not deleted");
    for (const auto& [name, value] : image.properties) add(name + '=' + value);
    for (const auto& tag : image.tags) add(tag);
    for (const auto& l : image.locations)
        add(std::to_string(l.number) + l.store + l.uri + std::to_string(static_cast<int>(l.state)) +
            std::to_string(l.size) + std::to_string(l.attempts) + l.last_error + std::to_string(l.next_attempt_at));
    return text;
}

struct Bin : ServiceFixture {
    Image rich() {
        Image image = active("bytes", {"local", "spare"});
        image.name = "Ubuntu \"24.04\" \u00e9";
        image.visibility = Visibility::community;
        image.is_hidden = true;
        image.min_disk = 3;
        image.min_ram = 4;
        image.virtual_size = 1ULL << 40;
        image.checksum = "0123";
        image.os_hash_algo = "sha512";
        image.os_hash_value = "4567";
        image.status_reason = "a reason";
        image.properties = {{"os", "linux"}, {"empty", ""}};
        image.tags = {"a", "b"};
        catalog.write([&](catalog::Connection& db) {
            catalog::update_image_row(db, image);
            catalog::update_properties(db, image);
            catalog::update_tags(db, image);
        });
        return image;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(recycle_bin, Bin)

BOOST_AUTO_TEST_CASE(a_restore_gives_back_all_that_was_deleted) {
    for (const bool is_deactivated : {false, true}) {
        const Image image = rich();
        if (is_deactivated) images.deactivate(alice, image.id);
        const std::string before = whole(images.get(alice, image.id));
        clock.advance_us(us_per_second);
        images.remove(alice, image.id);
        clock.advance_us(us_per_second);
        const Image restored = trash.restore(alice, image.id);
        BOOST_TEST(whole(restored) == before);
        BOOST_TEST(whole(images.get(alice, image.id)) == before);
        BOOST_TEST(restored.status == (is_deactivated ? Status::deactivated : Status::active));
        BOOST_TEST(local->contents(uri(image)).value() == "bytes");
    }
}

BOOST_AUTO_TEST_CASE(a_restored_image_can_be_deleted_and_restored_again) {
    const Image image = rich();
    const std::string before = whole(images.get(alice, image.id));
    for (int i = 0; i < 3; ++i) {
        images.remove(alice, image.id);
        trash.restore(alice, image.id);
    }
    BOOST_TEST(whole(images.get(alice, image.id)) == before);
    clock.advance_us(10 * retention_us);
    BOOST_TEST(scrub().images == 0U);
}

BOOST_AUTO_TEST_CASE(only_what_is_in_the_bin_is_listed_shown_and_restored) {
    const Image image = binned(), other = active(), gone = binned();
    scrub(purge_of(gone));
    const auto page = trash.list(alice, {});
    BOOST_REQUIRE(page.size() == 1U);
    BOOST_TEST(page[0].id == image.id);
    BOOST_TEST(trash.get(alice, image.id).deletion.value().deleted_by == "alice");
    for (const std::string& id : {other.id, gone.id, new_uuid(), std::string("x")}) {
        const std::string message = "No image with ID " + id + " is in the recycle bin";
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { trash.get(alice, id); }) == message);
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { trash.restore(alice, id); }) == message);
    }
}

BOOST_AUTO_TEST_CASE(a_claimed_image_is_shown_and_not_restored) {
    const Image image = binned();
    write("UPDATE images SET status = 7");
    BOOST_TEST(trash.list(alice, {}).size() == 1U);
    BOOST_TEST(trash.get(alice, image.id).status == Status::scrubbing);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { trash.restore(alice, image.id); }) ==
               "the image " + image.id + " is being scrubbed and can no longer be restored");
}

BOOST_AUTO_TEST_CASE(a_purge_removes_now_or_says_why_not) {
    scrubber.start();
    const Image image = binned(), blocked = binned(), elsewhere = binned("bytes", {"spare"}), lost = binned();
    BOOST_TEST((trash.purge(alice, image.id, hang_limit_us) == service::Trash::Purged::removed));
    BOOST_TEST(status_of(image) == Status::deleted);
    local->block(uri(blocked), "vm-7 uses it");
    BOOST_TEST(error_of(ErrorKind::in_use, [&] { trash.purge(alice, blocked.id, hang_limit_us); }) ==
               "the image " + blocked.id + " stays in the recycle bin: vm-7 uses it");
    spare->fail_always(Operation::remove);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { trash.purge(alice, elsewhere.id, hang_limit_us); }) ==
               "the image " + elsewhere.id + " stays in the recycle bin: the store is down");
    write("UPDATE image_locations SET store = 'attic' WHERE uri = '" + uri(lost) + "'");
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] {
                   trash.purge(alice, lost.id, hang_limit_us);
               }).find("no store 'attic'") != std::string::npos);
    for (const Image& kept : {blocked, elsewhere, lost}) {
        BOOST_TEST(status_of(kept) == Status::pending_delete);
        BOOST_TEST(scrub_after(kept) == kept.deletion.value().scrub_after);
        BOOST_TEST(trash.restore(alice, kept.id).status == Status::active);
    }
    BOOST_TEST(
        error_of(ErrorKind::not_found, [&] { trash.purge(alice, image.id, hang_limit_us); }).starts_with("No image"));
}

BOOST_AUTO_TEST_CASE(emptying_takes_ones_own_images_or_everybodys) {
    scrubber.start();
    const Image mine = binned(), theirs = binned();
    write("UPDATE images SET owner = 'lab' WHERE id = '" + theirs.id + "'");
    BOOST_TEST(trash.empty(alice, false, hang_limit_us).report.images == 1U);
    BOOST_TEST(status_of(mine) == Status::deleted);
    BOOST_TEST(status_of(theirs) == Status::pending_delete);
    BOOST_TEST(trash.empty(alice, true, hang_limit_us).report.images == 1U);
    BOOST_TEST(trash.list(alice, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
