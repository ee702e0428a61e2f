#include "service/operation/space_history.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using service::SpaceHistory;

namespace {

struct History : ServiceFixture {
    SpaceHistory history{catalog, stores, clock};

    std::vector<SpaceSample> all() { return history.list(SpaceHistory::keep_us, 100'000); }
    /// Moves the clock by one interval, then runs a turn.
    void go_on() {
        clock.advance_us(SpaceHistory::interval_us);
        history.turn();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(space_history, History)

BOOST_AUTO_TEST_CASE(it_is_noted_at_the_start_and_then_at_each_interval) {
    BOOST_TEST(history.turn() == SpaceHistory::interval_us);
    BOOST_TEST(all().size() == 2U);  // one of each store
    clock.advance_us(SpaceHistory::interval_us - 1);
    BOOST_TEST(history.turn() == 1);
    BOOST_TEST(all().size() == 2U);
    clock.advance_us(1);
    BOOST_TEST(history.turn() == SpaceHistory::interval_us);
    const auto samples = all();
    BOOST_TEST(samples.size() == 4U);
    BOOST_TEST(samples.front().store == "local");
    BOOST_TEST(samples.back().store == "spare");
    BOOST_TEST(samples.back().at == clock.now_us());
    BOOST_TEST(samples.front().total == local->space().total);
    BOOST_TEST(samples.front().available == local->space().available);
}

BOOST_AUTO_TEST_CASE(what_images_and_the_bin_hold_is_in_it) {
    const Image image = active();
    history.turn();
    const auto before = all();
    BOOST_TEST(before.front().usage.images > 0U);
    BOOST_TEST(before.front().usage.bin == 0U);
    images.remove(alice, image.id);
    go_on();
    const auto after = all();
    BOOST_TEST(after[1].usage.images == 0U);
    BOOST_TEST(after[1].usage.bin == before.front().usage.images);
}

BOOST_AUTO_TEST_CASE(a_store_that_does_not_answer_is_left_out) {
    local->fail_always(Operation::space);
    history.turn();
    BOOST_TEST(all().size() == 1U);
    BOOST_TEST(all().front().store == "spare");
    local->heal();
    go_on();
    BOOST_TEST(all().size() == 3U);
}

BOOST_AUTO_TEST_CASE(restarts_do_not_add_to_it) {
    history.turn();
    for (int i = 0; i < 10; ++i) {
        clock.advance_us(us_per_second);
        SpaceHistory again(catalog, stores, clock);
        BOOST_TEST(again.turn() == SpaceHistory::interval_us - (i + 1) * us_per_second);
    }
    BOOST_TEST(all().size() == 2U);
    clock.advance_us(SpaceHistory::interval_us);
    SpaceHistory late(catalog, stores, clock);
    late.turn();
    BOOST_TEST(all().size() == 4U);
}

BOOST_AUTO_TEST_CASE(it_is_shown_with_few_points) {
    for (int i = 0; i < 300; ++i) go_on();
    BOOST_TEST(all().size() == 600U);
    constexpr std::int64_t span_us = 300 * SpaceHistory::interval_us;
    const std::size_t shown = history.list(span_us, 50).size();
    BOOST_TEST(shown <= 2U * 52);
    BOOST_TEST(shown >= 2U * 49);
    BOOST_TEST(history.list(3600 * us_per_second, 300).size() <= 2U * 7);
}

BOOST_AUTO_TEST_CASE(the_last_ones_are_kept) {
    SpaceHistory few(catalog, stores, clock, 3);
    for (int i = 0; i < 5; ++i) {
        few.turn();
        clock.advance_us(SpaceHistory::interval_us);
    }
    BOOST_TEST(all().size() == 6U);
    BOOST_TEST(all().front().at == clock.now_us() - 3 * SpaceHistory::interval_us);
}

BOOST_AUTO_TEST_CASE(a_wall_clock_that_jumps_neither_stops_it_nor_leaves_it_a_future) {
    history.turn();
    const auto first = all();
    clock.step_us(365LL * 86'400 * us_per_second);
    go_on();
    clock.step_us(-365LL * 86'400 * us_per_second);
    go_on();
    for (const SpaceSample& sample : all()) BOOST_TEST(sample.at <= clock.now_us());
    BOOST_TEST(all().front().at == first.front().at);  // the first sample is still there
    BOOST_TEST(all().back().at == clock.now_us());
}

BOOST_AUTO_TEST_SUITE_END()
