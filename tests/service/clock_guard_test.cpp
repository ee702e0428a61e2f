#include "service/clock_guard.hpp"

#include <boost/test/unit_test.hpp>

#include "catalog/bin/clock_table.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

constexpr std::int64_t in_1970 = 5 * us_per_second;

struct Clocks : ServiceFixture {
    std::int64_t observe() {
        return catalog.write([&](catalog::Connection& db) { return guard.observe(db); });
    }
    void begin(service::ClockGuard& who) {
        catalog.write([&](catalog::Connection& db) { who.begin(db); });
    }
    void begin() { begin(guard); }
    /// Clock that moves by an hour between its first two readings, as if the thread had been suspended.
    struct InterruptedClock final : Clock {
        explicit InterruptedClock(FakeClock& clock) : clock_(clock) {}
        std::int64_t now_us() const override { return read().now_us(); }
        std::int64_t boot_us() const override { return read().boot_us(); }
        std::string boot_id() const override { return clock_.boot_id(); }

        mutable int readings = 0;

    private:
        const Clock& read() const {
            if (++readings == 2) clock_.advance_us(hour_us);
            return clock_;
        }

        FakeClock& clock_;
    };
    std::int64_t left(const Image& image) { return scrub_after(image) - clock.now_us(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clock_guard, Clocks)

BOOST_AUTO_TEST_CASE(a_step_forward_leaves_what_remains_of_a_retention_and_one_back_never_shortens_it) {
    const Image image = binned();
    for (const std::int64_t step : {90 * day_us, -30 * day_us, 3 * us_per_second, -3 * us_per_second}) {
        clock.advance_us(hour_us);
        const auto before = left(image);
        clock.step_us(step);
        BOOST_TEST(observe() == clock.now_us());
        if (step > 0) BOOST_TEST(left(image) == before);
        BOOST_TEST(left(image) >= before);
        BOOST_TEST(left(image) <= retention_us);
        const auto after = left(image);
        observe();
        BOOST_TEST(left(image) == after);
    }
    BOOST_TEST(!guard.hold().has_value());
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_ahead_at_the_boot_takes_nothing_when_it_is_put_right) {
    const Image image = binned();
    const auto deadline = scrub_after(image);
    clock.reboot(clock.now_us() + 20 * day_us);
    begin();
    clock.advance_us(hour_us);
    clock.step_us(-20 * day_us);
    observe();
    BOOST_TEST(scrub_after(image) == deadline);
}

BOOST_AUTO_TEST_CASE(a_pause_between_two_readings_is_no_step) {
    const Image image = binned();
    const auto deadline = scrub_after(image);
    const InterruptedClock interrupted(clock);
    service::ClockGuard slow(interrupted, hour_us);
    std::int64_t now = catalog.write([&](catalog::Connection& db) { return slow.observe(db); });
    BOOST_TEST(now == clock.now_us());
    BOOST_TEST(interrupted.readings >= 2);
    BOOST_TEST(scrub_after(image) == deadline);
}

BOOST_AUTO_TEST_CASE(a_pause_at_the_first_start_after_a_boot_is_no_step) {
    const Image image = binned();
    const auto deadline = scrub_after(image);
    clock.reboot(clock.now_us());
    const InterruptedClock interrupted(clock);
    service::ClockGuard slow(interrupted, hour_us);
    begin(slow);
    BOOST_TEST(interrupted.readings >= 2);
    observe();
    BOOST_TEST(scrub_after(image) == deadline);
}

BOOST_AUTO_TEST_CASE(time_that_passes_and_small_corrections_are_no_steps) {
    const Image image = binned();
    const auto deadline = scrub_after(image);
    for (int i = 0; i < 100; ++i) {
        clock.advance_us(hour_us);
        clock.step_us(i % 2 == 0 ? 2 * us_per_second : -2 * us_per_second);
        observe();
    }
    BOOST_TEST(scrub_after(image) == deadline);
}

BOOST_AUTO_TEST_CASE(a_slow_drift_never_adds_up_to_a_step) {
    const Image image = binned();
    const auto deadline = scrub_after(image);
    for (int i = 0; i < 1000; ++i) {
        clock.advance_us(61 * us_per_second);
        clock.step_us(30'000);
        observe();
    }
    BOOST_TEST(scrub_after(image) == deadline);
}

BOOST_AUTO_TEST_CASE(a_delete_behind_a_step_gets_its_whole_retention_and_moves_the_others) {
    const Image early = binned();
    clock.step_us(40 * day_us);
    const Image late = binned();
    BOOST_TEST(left(early) == retention_us);
    BOOST_TEST(left(late) == retention_us);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(status_of(early) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(a_step_that_makes_everything_due_scrubs_nothing) {
    const Image image = binned();
    clock.step_us(10 * retention_us);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(status_of(image) == Status::pending_delete);
    clock.advance_us(retention_us);
    BOOST_TEST(scrub().images == 1U);
}

BOOST_AUTO_TEST_CASE(many_deletes_at_once_move_the_deadlines_by_one_step) {
    const Image image = binned();
    std::vector<Image> others;
    for (int i = 0; i < 20; ++i) others.push_back(active());
    clock.step_us(40 * day_us);
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t i = t; i < others.size(); i += 4) images.remove(alice, others[i].id);
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(left(image) == retention_us);
    for (const Image& other : others) BOOST_TEST(left(other) == retention_us);
}

BOOST_AUTO_TEST_CASE(a_new_catalog_and_a_usual_reboot_hold_nothing) {
    BOOST_TEST(!guard.hold().has_value());
    const Image image = binned();
    const auto deadline = scrub_after(image);
    clock.reboot(clock.now_us() + day_us);
    begin();
    BOOST_TEST(!guard.hold().has_value());
    BOOST_TEST(scrub_after(image) == deadline);
}

BOOST_AUTO_TEST_CASE(a_reboot_with_an_earlier_time_holds_scrubs_for_the_grace) {
    binned();
    clock.reboot(clock.now_us() - us_per_second);
    begin();
    const auto hold = guard.hold().value();
    BOOST_TEST(hold.remaining_us == grace_us);
    BOOST_TEST(hold.reason.find("2023-11-14T22:13:19Z") != std::string::npos);
    BOOST_TEST(hold.reason.find("2023-11-14T22:13:20Z") != std::string::npos);
    clock.advance_us(grace_us - 1);
    BOOST_TEST(guard.hold().value().remaining_us == 1);
    clock.advance_us(1);
    BOOST_TEST(!guard.hold().has_value());
}

BOOST_AUTO_TEST_CASE(a_hold_survives_a_restart_of_the_process_and_ends_on_time) {
    clock.reboot(in_1970);
    begin();
    clock.advance_us(grace_us / 2);
    service::ClockGuard next(clock, grace_us);
    begin(next);
    BOOST_TEST(next.hold().value().remaining_us == grace_us / 2);
    BOOST_TEST(next.hold().value().reason == guard.hold().value().reason);
    clock.advance_us(grace_us / 2);
    BOOST_TEST(!next.hold().has_value());
    service::ClockGuard last(clock, grace_us);
    begin(last);
    BOOST_TEST(!last.hold().has_value());
}

BOOST_AUTO_TEST_CASE(a_step_while_the_process_was_stopped_is_seen_at_its_start) {
    const Image image = binned();
    clock.advance_us(hour_us);
    clock.step_us(40 * day_us);
    service::ClockGuard next(clock, grace_us);
    begin(next);
    BOOST_TEST(left(image) == retention_us - hour_us);
    BOOST_TEST(!next.hold().has_value());
}

BOOST_AUTO_TEST_CASE(a_reboot_far_in_the_future_holds_scrubs_and_shortens_no_retention) {
    const Image image = binned();
    clock.reboot(clock.now_us() + 31 * day_us);
    begin();
    BOOST_TEST(guard.hold().value().remaining_us == grace_us);
    BOOST_TEST(left(image) == retention_us);
    clock.advance_us(grace_us);
    BOOST_TEST(scrub().images == 0U);
    clock.advance_us(retention_us);
    BOOST_TEST(scrub().images == 1U);
}

BOOST_AUTO_TEST_CASE(a_box_without_a_battery_shortens_no_retention_when_it_learns_the_time) {
    const auto today = clock.now_us();
    const Image before = binned();
    clock.reboot(in_1970);
    begin();
    const Image meanwhile = binned();
    clock.advance_us(2 * grace_us);
    BOOST_TEST(scrub().images == 0U);
    clock.step_us(today - in_1970);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(left(before) >= retention_us - 2 * grace_us);
    BOOST_TEST(left(meanwhile) == retention_us - 2 * grace_us);
    clock.advance_us(retention_us - 2 * grace_us - 1);
    BOOST_TEST(scrub().images == 0U);
    clock.advance_us(1);
    BOOST_TEST(scrub().images == 2U);
}

BOOST_AUTO_TEST_CASE(a_box_that_was_off_for_long_and_boots_in_1970_still_keeps_everything) {
    const auto today = clock.now_us();
    const Image before = binned();
    clock.reboot(in_1970);
    begin();
    clock.advance_us(grace_us);
    clock.step_us(today + 100 * day_us);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(left(before) == retention_us);
}

BOOST_AUTO_TEST_CASE(what_was_deleted_in_1970_keeps_its_retention_when_the_next_boot_knows_the_time) {
    const auto today = clock.now_us();
    const Image before = binned();
    clock.reboot(in_1970);
    begin();
    const Image meanwhile = binned();
    clock.advance_us(hour_us);
    observe();
    clock.reboot(today + 2 * hour_us);
    begin();
    BOOST_TEST(guard.hold().has_value());
    BOOST_TEST(left(meanwhile) == retention_us - hour_us);
    BOOST_TEST(left(before) == retention_us - 2 * hour_us);
    clock.advance_us(grace_us);
    BOOST_TEST(scrub().images == 0U);
    BOOST_TEST(status_of(meanwhile) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(a_box_that_boots_in_1970_again_and_again_keeps_everything) {
    const Image image = binned();
    for (int boot = 0; boot < 5; ++boot) {
        clock.reboot(in_1970);
        begin();
        BOOST_TEST(guard.hold().has_value());
        clock.advance_us(day_us);
        BOOST_TEST(scrub().images == 0U);
    }
    BOOST_TEST(status_of(image) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(the_mark_and_the_moved_deadlines_are_kept_or_lost_together) {
    const Image image = binned();
    const auto deadline = scrub_after(image);
    clock.step_us(40 * day_us);
    BOOST_CHECK_THROW(catalog.write([&](catalog::Connection& db) {
        guard.observe(db);
        throw Error(ErrorKind::internal, "the work fails behind it");
    }),
                      Error);
    BOOST_TEST(scrub_after(image) == deadline);
    observe();
    BOOST_TEST(scrub_after(image) == deadline + 40 * day_us);
}

BOOST_AUTO_TEST_SUITE_END()
