#include "store/rbd/limited_calls.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>

using namespace reprieve::store;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(limited_calls)

BOOST_AUTO_TEST_CASE(a_call_gives_its_result_after_it_has_let_go_of_what_it_owned) {
    LimitedCalls calls(1h);
    auto owned = std::make_shared<int>(7);
    const std::weak_ptr<int> seen = owned;
    BOOST_TEST(calls.run([owned = std::move(owned)](const auto&) { return *owned; }) == 7);
    BOOST_TEST(seen.expired());
    BOOST_TEST(calls.finish(1h));
}

BOOST_AUTO_TEST_CASE(a_call_that_does_not_return_in_time_is_left_alone_with_what_it_owns) {
    LimitedCalls calls(1ms);
    std::promise<void> gate;
    auto owned = std::make_shared<int>(7);
    const std::weak_ptr<int> seen = owned;
    BOOST_TEST(calls.run([owned = std::move(owned), opened = gate.get_future().share()](const auto&) {
        opened.wait();
        return *owned;
    }) == -ETIMEDOUT);
    BOOST_TEST(!seen.expired());
    BOOST_TEST(!calls.finish(0ms));
    gate.set_value();
    BOOST_TEST(calls.finish(1h));
    BOOST_TEST(seen.expired());
}

BOOST_AUTO_TEST_CASE(a_call_that_goes_forward_is_waited_for_beyond_the_limit) {
    static constexpr auto limit = 1s;
    LimitedCalls calls(limit);
    const auto longer_than_the_limit = [](const LimitedCalls::Alive& alive) {
        const auto end = std::chrono::steady_clock::now() + 3 * limit;
        while (std::chrono::steady_clock::now() < end) alive();
        return 7;
    };
    // On a busy machine a sign of life can come too late, so try again. Without signs the call would never succeed,
    // because it takes longer than the limit.
    int result = -ETIMEDOUT;
    for (int i = 0; i < 20 && result != 7; ++i) result = calls.run(longer_than_the_limit);
    BOOST_TEST(result == 7);
    BOOST_TEST(calls.finish(1h));
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_call_that_is_left) {
    LimitedCalls calls(1h);
    std::promise<void> gate;
    calls.leave([opened = gate.get_future().share()] { opened.wait(); });
    BOOST_TEST(!calls.finish(0ms));
    gate.set_value();
    BOOST_TEST(calls.finish(1h));
}

BOOST_AUTO_TEST_SUITE_END()
