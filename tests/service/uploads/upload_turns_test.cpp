#include "service/uploads/upload_turns.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <semaphore>
#include <thread>

#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using service::UploadTurns;
using Turn = UploadTurns::Turn;
using Aim = UploadTurns::Aim;

BOOST_AUTO_TEST_SUITE(upload_turns)

namespace {

constexpr std::int64_t long_us = 60'000'000;

/// Works, as a request does, until it is told to stop.
void work_until_over(const Turn& turn) {
    while (!turn.is_over() && !turn.is_ended()) std::this_thread::yield();
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_alone_has_its_turn_for_as_long_as_it_likes) {
    UploadTurns turns(0);
    BOOST_TEST(!turns.is_busy("a"));
    {
        const Turn turn(turns, "a", Aim::go_on), other(turns, "b", Aim::go_on);
        BOOST_TEST(turns.is_busy("a"));
        BOOST_TEST(!turn.is_over());
        BOOST_TEST(!turn.is_ended());
    }
    BOOST_TEST(!turns.is_busy("a"));
    const Turn again(turns, "a", Aim::go_on);
}

BOOST_AUTO_TEST_CASE(a_newer_request_ends_the_reading_of_an_older_one_and_comes_next) {
    UploadTurns turns(long_us);
    std::binary_semaphore interrupted(0);
    std::optional<Turn> old;
    old.emplace(turns, "a", Aim::go_on, [&] { interrupted.release(); });
    std::atomic<bool> has_turn{false};
    std::thread newer([&] {
        const Turn turn(turns, "a", Aim::go_on);
        has_turn = true;
    });
    work_until_over(*old);
    BOOST_TEST(interrupted.try_acquire_for(hang_limit));
    BOOST_TEST(!old->is_ended());
    BOOST_TEST(!has_turn);
    old.reset();
    newer.join();
    BOOST_TEST(has_turn);
}

BOOST_AUTO_TEST_CASE(what_stores_the_image_is_waited_for_and_only_an_end_cuts_it_short) {
    UploadTurns turns(0);
    bool was_interrupted = false;
    Turn storing(turns, "a", Aim::go_on, [&] { was_interrupted = true; });
    storing.begin_storing();
    BOOST_TEST(error_of(ErrorKind::locked, [&] {
                   const Turn turn(turns, "a", Aim::go_on);
               }).find("still working on the upload a") != std::string::npos);
    BOOST_TEST(!storing.is_over());
    BOOST_TEST(!storing.is_ended());
    BOOST_TEST(throws(ErrorKind::locked, [&] { const Turn turn(turns, "a", Aim::end); }));
    BOOST_TEST(storing.is_ended());
    BOOST_TEST(!was_interrupted);
}

BOOST_AUTO_TEST_CASE(whoever_waits_gives_up_for_a_newer_one) {
    UploadTurns turns(long_us);
    std::optional<Turn> first;
    first.emplace(turns, "a", Aim::go_on);
    bool is_superseded = false, has_turn = false;
    std::thread second(
        [&] { is_superseded = throws(ErrorKind::locked, [&] { const Turn turn(turns, "a", Aim::go_on); }); });
    work_until_over(*first);
    std::thread third([&] {
        const Turn turn(turns, "a", Aim::go_on);
        has_turn = !turn.is_over();
    });
    second.join();
    BOOST_TEST(is_superseded);
    first.reset();
    third.join();
    BOOST_TEST(has_turn);
    BOOST_TEST(!turns.is_busy("a"));
}

BOOST_AUTO_TEST_CASE(one_that_ends_the_upload_waits_on_whoever_comes) {
    UploadTurns turns(long_us);
    std::optional<Turn> first;
    first.emplace(turns, "a", Aim::go_on);
    first->begin_storing();
    bool has_ended = false, has_turn = false;
    std::thread ending([&] {
        const Turn turn(turns, "a", Aim::end);
        has_ended = true;
    });
    while (!first->is_ended()) std::this_thread::yield();
    std::thread newer([&] {
        const Turn turn(turns, "a", Aim::go_on);
        has_turn = true;
    });
    first.reset();
    ending.join();
    newer.join();
    BOOST_TEST(has_ended);
    BOOST_TEST(has_turn);
}

BOOST_AUTO_TEST_CASE(who_waits_is_not_interrupted) {
    UploadTurns turns(long_us);
    std::optional<Turn> first;
    first.emplace(turns, "a", Aim::go_on);
    first->begin_storing();
    bool is_interrupted = false, is_locked = false;
    std::thread waiting([&] {
        is_locked =
            throws(ErrorKind::locked, [&] { const Turn turn(turns, "a", Aim::go_on, [&] { is_interrupted = true; }); });
    });
    std::thread ending([&] { const Turn turn(turns, "a", Aim::end); });
    while (!first->is_ended()) std::this_thread::yield();
    first.reset();
    waiting.join();
    ending.join();
    BOOST_TEST(!is_interrupted);
}

BOOST_AUTO_TEST_CASE(a_stop_keeps_nobody_waiting) {
    UploadTurns turns(long_us);
    const Turn first(turns, "a", Aim::go_on);
    bool is_refused = false;
    std::thread waiting(
        [&] { is_refused = throws(ErrorKind::unavailable, [&] { const Turn turn(turns, "a", Aim::end); }); });
    while (!first.is_ended()) std::this_thread::yield();
    turns.stop();
    waiting.join();
    BOOST_TEST(is_refused);
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { const Turn turn(turns, "b", Aim::go_on); }));
}

BOOST_AUTO_TEST_CASE(one_that_lost_its_patience_leaves_nothing) {
    UploadTurns turns(0);
    {
        const Turn turn(turns, "a", Aim::go_on);
        BOOST_TEST(throws(ErrorKind::locked, [&] { const Turn other(turns, "a", Aim::go_on); }));
    }
    BOOST_TEST(!turns.is_busy("a"));
    const Turn again(turns, "a", Aim::go_on);
    BOOST_TEST(!again.is_over());
}

BOOST_AUTO_TEST_SUITE_END()
