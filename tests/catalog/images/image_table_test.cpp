#include "catalog/images/image_table.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "catalog/images/location_table.hpp"
#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(image_table)

namespace {

void require_same(const Image& found, const Image& wanted) {
    BOOST_TEST(found.number == wanted.number);
    BOOST_TEST(found.id == wanted.id);
    BOOST_TEST((found.name == wanted.name));
    BOOST_TEST((found.status == wanted.status));
    BOOST_TEST((found.visibility == wanted.visibility));
    BOOST_TEST(found.owner == wanted.owner);
    BOOST_TEST(found.is_protected == wanted.is_protected);
    BOOST_TEST(found.is_hidden == wanted.is_hidden);
    BOOST_TEST(found.min_disk == wanted.min_disk);
    BOOST_TEST(found.min_ram == wanted.min_ram);
    BOOST_TEST((found.disk_format == wanted.disk_format));
    BOOST_TEST((found.container_format == wanted.container_format));
    BOOST_TEST((found.size == wanted.size));
    BOOST_TEST((found.virtual_size == wanted.virtual_size));
    BOOST_TEST((found.checksum == wanted.checksum));
    BOOST_TEST((found.os_hash_algo == wanted.os_hash_algo));
    BOOST_TEST((found.os_hash_value == wanted.os_hash_value));
    BOOST_TEST(found.created_at == wanted.created_at);
    BOOST_TEST(found.updated_at == wanted.updated_at);
    BOOST_TEST(found.status_reason == wanted.status_reason);
    BOOST_TEST((found.properties == wanted.properties));
    BOOST_TEST((found.tags == wanted.tags));
    BOOST_REQUIRE(found.deletion.has_value() == wanted.deletion.has_value());
    if (found.deletion) {
        BOOST_TEST(found.deletion->deleted_at == wanted.deletion->deleted_at);
        BOOST_TEST(found.deletion->deleted_by == wanted.deletion->deleted_by);
        BOOST_TEST((found.deletion->deleted_from == wanted.deletion->deleted_from));
        BOOST_TEST(found.deletion->scrub_after == wanted.deletion->scrub_after);
        BOOST_TEST(found.deletion->in_bin == wanted.deletion->in_bin);
    }
    BOOST_REQUIRE(found.locations.size() == wanted.locations.size());
    for (std::size_t i = 0; i < found.locations.size(); ++i) {
        const Location &one = found.locations[i], &other = wanted.locations[i];
        BOOST_TEST(one.number == other.number);
        BOOST_TEST(one.store == other.store);
        BOOST_TEST(one.uri == other.uri);
        BOOST_TEST((one.state == other.state));
        BOOST_TEST(one.size == other.size);
        BOOST_TEST(one.attempts == other.attempts);
        BOOST_TEST(one.last_error == other.last_error);
        BOOST_TEST(one.blocked_by == other.blocked_by);
        BOOST_TEST(one.next_attempt_at == other.next_attempt_at);
    }
}

Image full_image() {
    Image image = new_image(1'700'000'000'000'000);
    image.name = "Ubuntu \"24.04\" \u00fc";
    image.status = Status::active;
    image.visibility = Visibility::community;
    image.owner = "a project";
    image.is_protected = image.is_hidden = true;
    image.min_disk = 20;
    image.min_ram = 512;
    image.disk_format = "qcow2";
    image.container_format = "bare";
    image.size = 1ULL << 40;
    image.virtual_size = 1ULL << 41;
    image.checksum = "d41d8cd98f00b204e9800998ecf8427e";
    image.os_hash_algo = "sha512";
    image.os_hash_value = std::string(128, 'a');
    image.updated_at = image.created_at + 1;
    image.status_reason = "because";
    image.properties = {{"empty", ""}, {"nul", std::string("a\0b", 3)}, {"os_distro", "ubuntu"}};
    image.tags = {"a", "b c"};
    image.locations = {
        {0, "fast", "file:one", Location::State::stored, 1ULL << 40, 3, "refused", {"the clone a/b", "a download"}, 99},
        {0, "slow", "rbd:two", Location::State::writing, 0, 0, "", {}, 0}};
    return image;
}

struct Totals : CatalogFixture {
    catalog::ImageTotals totals() {
        return catalog.read([&](catalog::Connection& db) { return catalog::totals(db); });
    }
    void require_totals(std::uint64_t images, std::uint64_t bytes, std::uint64_t bin_images, std::uint64_t bin_bytes) {
        const auto found = totals();
        BOOST_TEST(found.images == images);
        BOOST_TEST(found.bytes == bytes);
        BOOST_TEST(found.bin_images == bin_images);
        BOOST_TEST(found.bin_bytes == bin_bytes);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(every_field_comes_back_as_it_was_stored, CatalogFixture) {
    const Image image = insert(full_image());
    BOOST_TEST(image.number > 0);
    require_same(find(image.id).value(), image);
    const Image bare = insert(new_image());
    BOOST_TEST(bare.number > image.number);
    require_same(find(bare.id).value(), bare);
    require_same(list({}).at(1), image);
}

BOOST_FIXTURE_TEST_CASE(a_change_of_the_row_leaves_the_children_alone, CatalogFixture) {
    Image image = insert(full_image());
    for (const bool in_bin : {true, false}) {
        image.name.reset();
        image.size = 7;
        image.status = Status::pending_delete;
        image.deletion = Deletion{10, "alice", Status::deactivated, 20, in_bin};
        update(image);
        require_same(find(image.id).value(), image);
    }
    image.status = Status::deactivated;
    image.deletion.reset();
    update(image);
    require_same(find(image.id).value(), image);
    update(image);
    require_same(find(image.id).value(), image);
}

BOOST_FIXTURE_TEST_CASE(properties_and_tags_become_those_of_the_image, CatalogFixture) {
    Image image = insert(full_image());
    image.properties = {{"os_distro", "debian"}, {"new", "one"}};
    image.tags = {"b c", "c"};
    catalog.write([&](catalog::Connection& db) {
        catalog::update_properties(db, image);
        catalog::update_tags(db, image);
    });
    require_same(find(image.id).value(), image);
}

BOOST_FIXTURE_TEST_CASE(locations_can_be_added_changed_and_removed, CatalogFixture) {
    Image image = insert(full_image());
    image.locations.push_back({0, "third", "uri", Location::State::writing, 5, 0, "", {}, 0});
    image.locations[0].state = Location::State::writing;
    image.locations[0].last_error = "again";
    catalog.write([&](catalog::Connection& db) {
        catalog::insert_location(db, image.number, image.locations.back());
        catalog::update_location(db, image.locations[0]);
        catalog::delete_location(db, image.locations[1].number);
    });
    image.locations.erase(image.locations.begin() + 1);
    require_same(find(image.id).value(), image);
}

BOOST_FIXTURE_TEST_CASE(an_id_is_never_given_again_not_even_after_the_purge, CatalogFixture) {
    Image image = insert(full_image());
    const auto is_conflict = [](const Error& error) { return error.kind() == ErrorKind::conflict; };
    Image twin = new_image();
    twin.id = image.id;
    BOOST_CHECK_EXCEPTION(insert(twin), Error, is_conflict);

    image.deletion = Deletion{50, "alice", Status::active, 60, 10, true};
    for (const auto status : {Status::pending_delete, Status::scrubbing, Status::deleted}) {
        image.status = status;
        update(image);
    }
    BOOST_TEST(!find(image.id).has_value());
    BOOST_CHECK_EXCEPTION(insert(twin), Error, is_conflict);

    std::size_t purged = 0;
    const auto purge = [&](std::int64_t before_us) {
        catalog.write([&](catalog::Connection& db) { purged = catalog::purge_deleted(db, before_us, 10); });
        return purged;
    };
    BOOST_TEST(purge(51) == 0U);  // the bytes of its locations must be removed first
    catalog.write([&](catalog::Connection& db) {
        for (const auto& location : image.locations) catalog::delete_location(db, location.number);
    });
    BOOST_TEST(purge(50) == 0U);
    BOOST_TEST(purge(51) == 1U);
    BOOST_CHECK_EXCEPTION(insert(twin), Error, is_conflict);
    BOOST_TEST(catalog.check_integrity() == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_marker_that_the_list_could_not_hold_is_refused, CatalogFixture) {
    const Image live = insert(new_image());
    Image active = new_image();
    active.status = Status::active;
    const Image binned = insert(active);
    update(in_bin(binned, 5, 10));
    const auto is_bad = [](const Error& error) { return error.kind() == ErrorKind::bad_request; };
    ImageQuery query;
    for (const auto& marker : {new_uuid(), std::string("x"), binned.id}) {
        query.marker = marker;
        BOOST_CHECK_EXCEPTION(list(query), Error, is_bad);
    }
    query.marker = live.id;
    BOOST_TEST(list(query).empty());
    query.in_bin = true;
    BOOST_CHECK_EXCEPTION(list(query), Error, is_bad);
    query.marker = binned.id;
    BOOST_TEST(list(query).empty());
}

BOOST_FIXTURE_TEST_CASE(the_totals_follow_every_change, Totals) {
    Image image = insert(full_image());
    image.size = 100;
    update(image);
    insert(new_image());
    require_totals(2, 100, 0, 0);
    update(in_bin(image, 5, 10));
    require_totals(1, 0, 1, 100);
    update(image);
    require_totals(2, 100, 0, 0);
    Image hidden = in_bin(image, 5, 10);
    hidden.deletion->in_bin = false;
    update(hidden);
    require_totals(1, 0, 0, 0);
    hidden.status = Status::scrubbing;
    update(hidden);
    hidden.status = Status::deleted;
    update(hidden);
    catalog.write([&](catalog::Connection& db) {
        for (const auto& location : image.locations) catalog::delete_location(db, location.number);
        BOOST_TEST(catalog::purge_deleted(db, 100, 10) == 1U);
    });
    require_totals(1, 0, 0, 0);
}

BOOST_AUTO_TEST_SUITE_END()
