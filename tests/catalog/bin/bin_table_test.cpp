#include "catalog/bin/bin_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(bin_table)

namespace {

struct Bin : CatalogFixture {
    Image bin(std::int64_t deleted_at, std::int64_t scrub_after, std::vector<Location> locations = {}) {
        Image image = new_image();
        image.status = Status::active;
        image.locations = std::move(locations);
        image = insert(image);
        update(in_bin(image, deleted_at, scrub_after));
        return image;
    }
    std::vector<std::string> due(std::int64_t now, std::size_t limit = 100) {
        std::vector<std::string> ids;
        catalog.read([&](catalog::Connection& db) {
            for (const auto& image : catalog::due_images(db, now, limit)) ids.push_back(image.id);
        });
        return ids;
    }
    std::optional<std::int64_t> next_due() {
        return catalog.read([&](catalog::Connection& db) { return catalog::next_due_at(db); });
    }
    std::size_t shift(std::int64_t before, std::int64_t after) {
        return catalog.write([&](catalog::Connection& db) { return catalog::shift_deadlines(db, before, after); });
    }
    std::int64_t scrub_after(const Image& image) { return find(image.id).value().deletion.value().scrub_after; }
};

Location waiting_until(std::int64_t us) { return {0, "file", "uri", Location::State::stored, 1, 1, "refused", {}, us}; }

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_due_comes_longest_due_first, Bin) {
    const Image late = bin(1, 300), early = bin(1, 100), middle = bin(1, 200);
    BOOST_TEST(due(99).empty());
    BOOST_TEST(due(200) == (std::vector{early.id, middle.id}), boost::test_tools::per_element());
    BOOST_TEST(due(1000) == (std::vector{early.id, middle.id, late.id}), boost::test_tools::per_element());
    BOOST_TEST(due(1000, 1) == (std::vector{early.id}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_image_waits_for_the_next_attempt_of_its_locations, Bin) {
    const Image image = bin(1, 100, {waiting_until(0), waiting_until(500)});
    BOOST_TEST(due(499).empty());
    BOOST_TEST(due(500) == (std::vector{image.id}), boost::test_tools::per_element());
    BOOST_TEST(next_due().value() == 500);
    bin(1, 400);
    BOOST_TEST(next_due().value() == 400);
    bin(1, 50, {waiting_until(20)});
    BOOST_TEST(next_due().value() == 50);
    catalog.read(
        [&](catalog::Connection& db) { BOOST_TEST(catalog::due_images(db, 60, 5).at(0).locations.size() == 1U); });
}

BOOST_FIXTURE_TEST_CASE(an_empty_bin_has_nothing_due, Bin) {
    insert(new_image());
    BOOST_TEST(!next_due().has_value());
    BOOST_TEST(due(INT64_MAX).empty());
}

BOOST_FIXTURE_TEST_CASE(a_claimed_image_is_not_due_and_its_next_attempt_counts, Bin) {
    const Image image = bin(1, 100, {waiting_until(0)});
    Image claimed = find(image.id).value();
    claimed.status = Status::scrubbing;
    update(claimed);
    BOOST_TEST(due(1000).empty());
    BOOST_TEST(next_due().value() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_step_of_the_clock_moves_the_deadlines_set_before_it, Bin) {
    const Image image = bin(1000, 2000);
    BOOST_TEST(shift(1500, 9500) == 1U);
    BOOST_TEST(scrub_after(image) == 10000);
    BOOST_TEST(shift(9600, 1600) == 1U);
    BOOST_TEST(scrub_after(image) == 2600);  // a full retention, because nobody knows how much of it has passed
    BOOST_TEST(shift(1600, 1600) == 0U);
}

BOOST_FIXTURE_TEST_CASE(what_was_deleted_after_the_step_began_gets_a_full_retention_and_never_less, Bin) {
    const Image overdue = bin(2000, 3000), far = bin(2000, 90000), back = bin(2000, 3000);
    BOOST_TEST(shift(1500, 9500) == 2U);
    BOOST_TEST(scrub_after(overdue) == 10500);
    BOOST_TEST(scrub_after(far) == 90000);
    BOOST_TEST(shift(9500, 9000) == 2U);
    BOOST_TEST(scrub_after(back) == 10000);
}

BOOST_FIXTURE_TEST_CASE(deadlines_stop_at_the_end_of_time, Bin) {
    const Image image = bin(0, INT64_MAX - 5);
    BOOST_TEST(shift(0, INT64_MAX) == 1U);
    BOOST_TEST(scrub_after(image) == INT64_MAX);
    BOOST_TEST(shift(INT64_MAX, INT64_MIN) == 1U);
    BOOST_TEST(scrub_after(image) <= 0);
}

BOOST_AUTO_TEST_SUITE_END()
