#include "catalog/operation/usage_table.hpp"
#include "catalog/images/location_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct UsageFixture : CatalogFixture {
    std::string project(const std::string& id) {
        return text([&](catalog::Connection& db) { return catalog::usage_of_project(db, id); });
    }
    std::string user(const std::string& id) {
        return text([&](catalog::Connection& db) { return catalog::usage_of_user(db, id); });
    }
    Image stored(const std::string& owner, const std::string& creator, std::uint64_t size) {
        Image image = new_image();
        image.owner = owner;
        image.created_by = creator;
        image.status = Status::active;
        image.size = size;
        return insert(image);
    }
    void locate(const Image& image, Location& location) {
        catalog.write([&](catalog::Connection& db) {
            if (location.number == 0)
                catalog::insert_location(db, image.number, location);
            else
                catalog::update_location(db, location);
        });
    }

private:
    template <typename Ask>
    std::string text(Ask ask) {
        catalog::Usage usage = catalog.read([&](catalog::Connection& db) { return ask(db); });
        return std::to_string(usage.images) + " images, " + std::to_string(usage.bytes) + " bytes";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(usage_table, UsageFixture)

BOOST_AUTO_TEST_CASE(an_image_counts_for_its_project_and_its_creator) {
    stored("p", "ann", 10);
    stored("p", "bob", 20);
    stored("q", "ann", 5);
    BOOST_TEST(project("p") == "2 images, 30 bytes");
    BOOST_TEST(project("q") == "1 images, 5 bytes");
    BOOST_TEST(user("ann") == "2 images, 15 bytes");
    BOOST_TEST(project("unknown") == "0 images, 0 bytes");
}

BOOST_AUTO_TEST_CASE(it_counts_in_the_bin_and_no_more_once_it_is_scrubbed) {
    Image image = in_bin(stored("p", "ann", 10), 1, 2);
    update(image);
    BOOST_TEST(project("p") == "1 images, 10 bytes");
    image.status = Status::scrubbing;
    update(image);
    BOOST_TEST(project("p") == "1 images, 10 bytes");
    image.status = Status::deleted;
    update(image);
    BOOST_TEST(project("p") == "0 images, 0 bytes");
    BOOST_TEST(user("ann") == "0 images, 0 bytes");
    catalog.write([](catalog::Connection& db) { catalog::purge_deleted(db, 1'000'000, 10); });
    BOOST_TEST(project("p") == "0 images, 0 bytes");
}

BOOST_AUTO_TEST_CASE(an_upload_counts_what_it_has_reserved_until_it_ends) {
    Image image = new_image();
    image.owner = "p";
    image.created_by = "ann";
    image = insert(image);
    Location location{.store = "local", .uri = "u", .size = 100};
    locate(image, location);
    BOOST_TEST(project("p") == "1 images, 100 bytes");
    location.size = 150;
    locate(image, location);
    BOOST_TEST(user("ann") == "1 images, 150 bytes");
    location.size = 120;
    location.state = Location::State::stored;
    locate(image, location);
    BOOST_TEST(project("p") == "1 images, 0 bytes");  // from now on the image's size counts, not the location's
    Location another{.store = "local", .uri = "v", .size = 7};
    locate(image, another);
    BOOST_TEST(project("p") == "1 images, 7 bytes");
    catalog.write([&](catalog::Connection& db) { catalog::delete_location(db, another.number); });
    BOOST_TEST(project("p") == "1 images, 0 bytes");
}

BOOST_AUTO_TEST_CASE(what_an_upload_reserved_counts_also_where_its_image_was_deleted) {
    Image image = new_image();
    image.owner = "p";
    image = insert(image);
    Location location{.store = "local", .uri = "u", .size = 100};
    locate(image, location);
    image.deletion = Deletion{1, "ann", image.status, 1, 0, false};
    image.status = Status::deleted;
    update(image);
    BOOST_TEST(project("p") == "0 images, 100 bytes");
    catalog.write([&](catalog::Connection& db) { catalog::delete_location(db, location.number); });
    BOOST_TEST(project("p") == "0 images, 0 bytes");
}

BOOST_AUTO_TEST_CASE(a_new_owner_takes_the_image_and_its_upload_over) {
    Image image = stored("p", "ann", 10);
    Location location{.store = "local", .uri = "u", .size = 100};
    locate(image, location);
    image.owner = "q";
    image.size = 30;
    update(image);
    BOOST_TEST(project("p") == "0 images, 0 bytes");
    BOOST_TEST(project("q") == "1 images, 130 bytes");
    BOOST_TEST(user("ann") == "1 images, 130 bytes");
}

BOOST_AUTO_TEST_CASE(the_uploads_of_a_project_are_counted) {
    const Image image = stored("p", "ann", 0);
    Location location{.store = "local", .uri = "u"};
    locate(image, location);
    std::uint64_t uploads = 0;
    const auto count = [&](const std::string& of) {
        catalog.read([&](catalog::Connection& db) { uploads = catalog::uploads_of_project(db, of); });
        return uploads;
    };
    BOOST_TEST(count("p") == 1U);
    BOOST_TEST(count("q") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
