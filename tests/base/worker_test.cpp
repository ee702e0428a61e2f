#include "base/worker.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "tests/fake_clock.hpp"
#include "tests/hang_limit.hpp"

using namespace reprieve;
using tests::FakeClock;

namespace {

/// Worker whose turns a test controls: each turn blocks until the test says what it returns.
struct Turns {
    ~Turns() { may_end.release(1000); }  // so that a failed test does not also hang

    /// Blocks until a turn has begun.
    void await() { BOOST_REQUIRE(begun.try_acquire_for(tests::hang_limit)); }

    /// Ends the running turn: it returns or throws what `how` does.
    void let_go(std::function<std::optional<std::int64_t>()> how) {
        outcome = std::move(how);
        may_end.release();
    }
    /// Does what let_go() does, then blocks until the turn has ended.
    void end(std::function<std::optional<std::int64_t>()> how) {
        let_go(std::move(how));
        const auto limit = std::chrono::steady_clock::now() + tests::hang_limit;
        while (worker.status().is_busy && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
        BOOST_REQUIRE(!worker.status().is_busy);
    }
    void fail(const char* why) {
        end([why]() -> std::optional<std::int64_t> { throw std::runtime_error(why); });
    }

    FakeClock clock;
    std::counting_semaphore<> begun{0}, may_end{0};
    std::function<std::optional<std::int64_t>()> outcome;
    Worker worker{"tester", clock, [this] {
                      begun.release();
                      may_end.acquire();
                      return outcome();
                  }};
};

const auto nothing_due = [] { return std::optional<std::int64_t>(); };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(worker_in_turns, Turns)

BOOST_AUTO_TEST_CASE(the_first_turn_comes_at_once_and_others_when_it_is_woken) {
    BOOST_TEST(!worker.status().is_busy);
    worker.start();
    await();
    BOOST_TEST(worker.status().name == "tester");
    BOOST_TEST(worker.status().is_busy);
    end(nothing_due);
    BOOST_TEST(!worker.status().next_turn_at.has_value());
    worker.wake();
    await();
    end(nothing_due);
    BOOST_TEST(!begun.try_acquire());
    worker.stop();
}

BOOST_AUTO_TEST_CASE(a_wake_during_a_turn_is_not_lost) {
    worker.start();
    await();
    worker.wake();
    worker.wake();
    let_go(nothing_due);
    await();
    end(nothing_due);
    BOOST_TEST(!begun.try_acquire());
    worker.stop();
}

BOOST_AUTO_TEST_CASE(the_next_turn_comes_when_it_is_due) {
    worker.start();
    await();
    end([] { return 1000; });
    BOOST_TEST(worker.status().next_turn_at.value() == clock.now_us() + 1000);
    clock.advance_us(999);
    BOOST_TEST(!begun.try_acquire());
    clock.advance_us(1);
    await();
    let_go([] { return 0; });
    await();
    end(nothing_due);
    worker.stop();
}

BOOST_AUTO_TEST_CASE(a_step_of_the_wall_clock_moves_no_turn) {
    worker.start();
    await();
    end([] { return 1000; });
    clock.step_us(365 * tests::day_us);
    BOOST_TEST(!begun.try_acquire());
    BOOST_TEST(worker.status().next_turn_at.value() == clock.now_us() + 1000);
    clock.advance_us(1000);
    await();
    end(nothing_due);
    worker.stop();
}

BOOST_AUTO_TEST_CASE(a_failure_is_told_and_tried_again_with_longer_and_longer_waits) {
    worker.start();
    await();
    std::int64_t wait_us = Worker::first_retry_us;
    for (std::uint64_t failures = 1; failures <= 10; ++failures) {
        fail("the disk is full");
        const Worker::Status status = worker.status();
        BOOST_TEST(status.failures == failures);
        BOOST_TEST(status.failures_in_a_row == failures);
        BOOST_TEST(status.last_error == "the disk is full");
        BOOST_TEST(status.last_error_at.value() == clock.now_us());
        BOOST_TEST(status.next_turn_at.value() == clock.now_us() + wait_us);
        wait_us = std::min(wait_us * 2, Worker::longest_retry_us);
        worker.wake();
        await();
    }
    end(nothing_due);
    const Worker::Status status = worker.status();
    BOOST_TEST(status.failures == 10U);
    BOOST_TEST(status.failures_in_a_row == 0U);
    BOOST_TEST(status.last_error == "the disk is full");
    worker.wake();
    await();
    fail("again");
    BOOST_TEST(worker.status().next_turn_at.value() == clock.now_us() + Worker::first_retry_us);
    worker.stop();
}

BOOST_AUTO_TEST_CASE(what_is_no_exception_of_the_library_is_a_failure_too) {
    worker.start();
    await();
    end([]() -> std::optional<std::int64_t> { throw 1; });
    BOOST_TEST(worker.status().failures == 1U);
    worker.stop();
}

BOOST_AUTO_TEST_CASE(an_exception_without_a_text_is_a_failure_too) {
    worker.start();
    await();
    fail("");
    BOOST_TEST(worker.status().failures_in_a_row == 1U);
    BOOST_TEST(worker.status().next_turn_at.value() == clock.now_us() + Worker::first_retry_us);
    worker.stop();
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_the_turn_and_is_final) {
    worker.start();
    await();
    BOOST_TEST(!worker.is_stopping());
    let_go([this] {
        while (!worker.is_stopping()) std::this_thread::yield();
        return 0;
    });
    worker.stop();
    BOOST_TEST(!worker.status().is_busy);
    worker.stop();
    worker.wake();
    worker.start();
    BOOST_TEST(!begun.try_acquire());
}

BOOST_AUTO_TEST_CASE(one_that_never_started_can_be_woken_and_stopped) {
    worker.wake();
    worker.stop();
    BOOST_TEST(!begun.try_acquire());
}

BOOST_AUTO_TEST_SUITE_END()
