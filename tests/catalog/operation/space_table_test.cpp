#include "catalog/operation/space_table.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "catalog/images/location_table.hpp"
#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

std::string text_of(const StoreUsage& usage) {
    return std::to_string(usage.images) + " " + std::to_string(usage.bin) + " " + std::to_string(usage.reserved);
}

struct Space : CatalogFixture {
    Image active(std::uint64_t size) {
        Image image = new_image();
        image.status = Status::active;
        image.size = size;
        return insert(image);
    }
    Location locate(const Image& image, Location location) {
        catalog.write([&](catalog::Connection& db) { catalog::insert_location(db, image.number, location); });
        return location;
    }
    void write(const Location& location) {
        catalog.write([&](catalog::Connection& db) { catalog::update_location(db, location); });
    }
    void remove(const Location& location) {
        catalog.write([&](catalog::Connection& db) { catalog::delete_location(db, location.number); });
    }
    /// Returns the store's bytes of images, bytes in the bin, and reserved bytes, as a text.
    std::string usage(const std::string& store = "local") {
        auto all = catalog.read([&](catalog::Connection& db) { return catalog::usage_by_store(db); });
        return text_of(all[store]);
    }
    void note(const std::string& store, std::int64_t at, std::uint64_t images) {
        catalog.write([&](catalog::Connection& db) {
            catalog::insert_sample(db,
                                   {.store = store, .at = at, .usage = {images, 2, 3}, .total = 100, .available = 50});
        });
    }
    std::string list(std::int64_t from, std::int64_t step) {
        std::string text;
        catalog.read([&](catalog::Connection& db) {
            for (const SpaceSample& each : catalog::list_samples(db, from, 1'000'000, step))
                text += each.store + ' ' + std::to_string(each.at) + ": " + std::to_string(each.usage.images) + "; ";
        });
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(space_table, Space)

BOOST_AUTO_TEST_CASE(an_upload_is_reserved_then_an_image_then_in_the_bin_then_gone) {
    Image image = active(100);
    Location location = locate(image, {.store = "local", .uri = "u", .size = 80});
    BOOST_TEST(usage() == "0 0 80");
    location.size = 120;
    write(location);
    BOOST_TEST(usage() == "0 0 120");
    location.state = Location::State::stored;
    location.size = 100;
    write(location);
    BOOST_TEST(usage() == "100 0 0");
    image = in_bin(image, 1, 2);
    update(image);
    BOOST_TEST(usage() == "0 100 0");
    image.status = Status::scrubbing;
    update(image);
    BOOST_TEST(usage() == "0 100 0");
    remove(location);
    image.status = Status::deleted;
    update(image);
    BOOST_TEST(usage() == "0 0 0");
}

BOOST_AUTO_TEST_CASE(a_restore_takes_the_bytes_back) {
    Image image = active(7);
    locate(image, {.store = "local", .uri = "u", .state = Location::State::stored, .size = 7});
    const Image before = image;
    update(in_bin(image, 1, 2));
    update(before);
    BOOST_TEST(usage() == "7 0 0");
}

BOOST_AUTO_TEST_CASE(each_store_has_its_own_and_an_image_counts_in_each_it_is_in) {
    Image image = active(10);
    locate(image, {.store = "local", .uri = "u", .state = Location::State::stored, .size = 10});
    const Location other = locate(image, {.store = "spare", .uri = "v", .state = Location::State::stored, .size = 10});
    locate(image, {.store = "spare", .uri = "w", .size = 5});
    BOOST_TEST(usage() == "10 0 0");
    BOOST_TEST(usage("spare") == "10 0 5");
    update(in_bin(image, 1, 2));
    BOOST_TEST(usage() == "0 10 0");
    BOOST_TEST(usage("spare") == "0 10 5");
    remove(other);
    BOOST_TEST(usage("spare") == "0 0 5");
    BOOST_TEST(usage("unknown") == "0 0 0");
}

BOOST_AUTO_TEST_CASE(whatever_happens_the_counters_are_the_sums) {
    std::mt19937 random(5);
    std::vector<Image> images;
    std::vector<std::pair<std::size_t, Location>> locations;
    for (int i = 0; i < 400; ++i) {
        if (images.size() < 8) images.push_back(active(1));
        const std::size_t n = random() % images.size();
        const std::string store = random() % 2 == 0 ? "local" : "spare";
        switch (random() % 4) {
            case 0:
                locations.emplace_back(n, locate(images[n], {.store = store,
                                                             .uri = std::to_string(i),
                                                             .state = static_cast<Location::State>(random() % 2),
                                                             .size = random() % 1000}));
                break;
            case 1:
                if (images[n].deletion) {
                    images[n].deletion.reset();
                    images[n].status = Status::active;
                } else {
                    images[n] = in_bin(images[n], 1, 2);
                }
                update(images[n]);
                break;
            case 2:
                if (locations.empty()) break;
                locations[0].second.state = Location::State::stored;
                locations[0].second.size = random() % 1000;
                write(locations[0].second);
                break;
            default:
                if (locations.empty()) break;
                remove(locations.back().second);
                locations.pop_back();
        }
    }
    for (const std::string store : {"local", "spare"}) {
        StoreUsage sums;
        for (const auto& [n, location] : locations) {
            if (location.store != store) continue;
            const bool is_written = location.state == Location::State::writing;
            (is_written ? sums.reserved : images[n].deletion ? sums.bin : sums.images) += location.size;
        }
        BOOST_TEST(usage(store) == text_of(sums));
    }
}

BOOST_AUTO_TEST_CASE(samples_are_thinned_to_the_last_of_each_step) {
    for (std::int64_t at = 0; at < 100; ++at) note("local", at, static_cast<std::uint64_t>(at));
    note("spare", 42, 7);
    BOOST_TEST(list(30, 25) == "local 49: 49; local 74: 74; local 99: 99; spare 42: 7; ");
    BOOST_TEST(list(98, 1) == "local 98: 98; local 99: 99; ");
    BOOST_TEST(list(1000, 1).empty());
}

BOOST_AUTO_TEST_CASE(the_oldest_go_in_the_order_of_their_notes_whatever_the_clock_said) {
    for (const std::int64_t at : {5, 999, 1, 20, 25}) note("local", at, 1);
    note("local", 20, 2);  // replaces the sample of the same moment
    note("spare", 7, 1);
    catalog.write([](catalog::Connection& db) { catalog::purge_samples(db, 3); });
    BOOST_TEST(list(0, 1) == "local 1: 1; local 20: 2; local 25: 1; spare 7: 1; ");
    catalog.read([](catalog::Connection& db) { BOOST_TEST(catalog::newest_sample_at(db).value() == 25); });
    catalog.write([](catalog::Connection& db) { catalog::purge_samples(db, 0); });
    catalog.read([](catalog::Connection& db) { BOOST_TEST(!catalog::newest_sample_at(db)); });
}

BOOST_AUTO_TEST_SUITE_END()
