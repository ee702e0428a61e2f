#include "identity/sign_in/attempt_throttle.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using identity::AttemptThrottle;

namespace {

struct Throttle {
    FakeClock clock;
    AttemptThrottle throttle{clock, 3};

    void fail(const std::string& key, int times = 1) {
        for (int i = 0; i < times; ++i) throttle.add_failure(key);
    }
    /// Moves the clock until `key` may try again. Returns the seconds; 0 if it need not wait.
    std::int64_t wait(const std::string& key) {
        std::int64_t waited = 0;
        while (error_of(ErrorKind::too_many_requests, [&] { throttle.check(key); }) != "nothing was thrown") {
            clock.advance_us(us_per_second);
            ++waited;
        }
        return waited;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attempt_throttle, Throttle)

BOOST_AUTO_TEST_CASE(a_few_failures_are_free_and_then_the_waits_double_up_to_a_minute) {
    fail("ann", 3);
    BOOST_TEST(wait("ann") == 0);
    for (const std::int64_t seconds : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
        fail("ann");
        BOOST_TEST(wait("ann") == seconds);
    }
    BOOST_TEST(wait("bob") == 0);
}

BOOST_AUTO_TEST_CASE(the_message_says_how_long) {
    fail("ann", 6);
    BOOST_TEST(error_of(ErrorKind::too_many_requests, [&] { throttle.check("ann"); }) ==
               "too many sign-ins have failed; try again in 4 s");
}

BOOST_AUTO_TEST_CASE(a_success_or_an_hour_ends_it) {
    fail("ann", 8);
    throttle.forget("ann");
    BOOST_TEST(wait("ann") == 0);
    fail("ann", 8);
    clock.advance_us(AttemptThrottle::forget_after_us + 1);
    fail("ann", 3);
    BOOST_TEST(wait("ann") == 0);
}

BOOST_AUTO_TEST_CASE(what_was_counted_before_it_succeeded_is_taken_back) {
    fail("ann", 3);
    for (int i = 0; i < 10; ++i) throttle.take_back("bob", throttle.add_failure("bob"));
    BOOST_TEST(throttle.size() == 1);
    fail("bob", 3);
    BOOST_TEST(wait("bob") == 0);
    throttle.take_back("nobody", {});
}

BOOST_AUTO_TEST_CASE(whoever_succeeds_after_many_failures_need_not_wait_for_it) {
    fail("bob", 20);
    clock.advance_us(AttemptThrottle::longest_wait_us);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(wait("bob") == 0);
        throttle.take_back("bob", throttle.add_failure("bob"));
    }
    const auto mine = throttle.add_failure("bob");
    fail("bob");  // a failure of a parallel attempt
    throttle.take_back("bob", mine);
    BOOST_TEST(wait("bob") > 0, "the failure of the other one counts");
    clock.advance_us(AttemptThrottle::forget_after_us / 2);
    throttle.take_back("bob", throttle.add_failure("bob"));
    clock.advance_us(AttemptThrottle::forget_after_us / 2);
    fail("bob", 3);
    BOOST_TEST(wait("bob") == 0, "a success has kept nothing alive");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_ends_no_wait) {
    fail("ann", 4);
    clock.step_us(AttemptThrottle::forget_after_us);
    BOOST_TEST(wait("ann") == 1);
}

BOOST_AUTO_TEST_CASE(it_remembers_a_bounded_number_and_the_worst_last) {
    fail("ann", 9);
    for (int i = 0; i < 20'000; ++i) fail("name " + std::to_string(i));
    BOOST_TEST(throttle.size() == AttemptThrottle::max_keys);
    BOOST_TEST(error_of(ErrorKind::too_many_requests, [&] { throttle.check("ann"); }).starts_with("too many"));
    clock.advance_us(AttemptThrottle::forget_after_us + 1);
    fail("bob");
    BOOST_TEST(throttle.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_long_key_is_cut) {
    fail(std::string(1 << 20, 'x') + "1", 4);
    BOOST_TEST(wait(std::string(1 << 20, 'x') + "2") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
