#include "api/browser/live_feed.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"
#include "tests/hang_limit.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using api::LiveFeed;

namespace {

struct Feed {
    FakeClock clock;
    LiveFeed feed{clock, {.max_listeners = 5, .max_of_address = 2}};
    const LiveFeed::Options options;

    std::shared_ptr<http::EventStream> join(
        const std::string& address = "127.0.0.1", std::function<void()> check = [] {}) {
        auto stream = std::make_shared<http::EventStream>();
        feed.join(stream, address, std::move(check));
        return stream;
    }

    /// Runs one turn of the feed. Returns the bytes that it sent to the stream.
    std::string said(http::EventStream& stream) {
        feed.turn();
        return stream.take().bytes;
    }
};

std::string news(const std::string& topics) { return "event: changed\ndata: " + topics + "\n\n"; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(live_feed, Feed)

BOOST_AUTO_TEST_CASE(a_change_is_told_to_all_at_once) {
    const auto one = join(), other = join();
    BOOST_TEST(said(*one).empty());
    feed.tell({Topic::images, Topic::events});
    BOOST_TEST(said(*one) == news("images events"));
    BOOST_TEST(other->take().bytes == news("images events"));
    BOOST_TEST(said(*one).empty());
}

BOOST_AUTO_TEST_CASE(what_changes_soon_afterwards_is_told_together) {
    const auto stream = join();
    feed.tell({Topic::images});
    BOOST_TEST(said(*stream) == news("images"));
    for (int i = 0; i < 1000; ++i) feed.tell({i % 2 == 0 ? Topic::uploads : Topic::events});
    BOOST_TEST(said(*stream).empty());
    BOOST_TEST(feed.turn().value() == options.interval_us);
    clock.advance_us(options.interval_us - 1);
    BOOST_TEST(said(*stream).empty());
    BOOST_TEST(feed.turn().value() == 1);
    clock.advance_us(1);
    BOOST_TEST(said(*stream) == news("uploads events"));
}

BOOST_AUTO_TEST_CASE(where_nothing_changes_a_comment_is_said_now_and_then) {
    const auto stream = join();
    BOOST_TEST(feed.turn().value() == options.heartbeat_us);
    clock.advance_us(options.heartbeat_us);
    BOOST_TEST(said(*stream) == ":\n\n");
    feed.tell({Topic::space});
    BOOST_TEST(said(*stream) == news("space"));
    clock.advance_us(options.heartbeat_us - 1);
    BOOST_TEST(said(*stream).empty());
    clock.advance_us(1);
    BOOST_TEST(said(*stream) == ":\n\n");
}

BOOST_AUTO_TEST_CASE(where_nobody_listens_there_is_nothing_to_do) {
    BOOST_TEST(!feed.turn());
    feed.tell({Topic::images});
    BOOST_TEST(!feed.turn());
    const auto stream = join();
    BOOST_TEST(said(*stream).empty());
    stream->detach();
    BOOST_TEST(!feed.turn());
}

BOOST_AUTO_TEST_CASE(who_may_listen_no_longer_hears_nothing_more) {
    bool is_in = true;
    int asked = 0;
    const auto gone = join("127.0.0.1", [&] {
        ++asked;
        if (!is_in) throw Error(ErrorKind::unauthenticated, "out");
    });
    const auto other = join();
    is_in = false;
    feed.tell({Topic::images});
    BOOST_TEST(said(*gone) == news("images"));
    BOOST_TEST(asked == 0);
    other->take();
    clock.advance_us(options.interval_us);
    feed.tell({Topic::sessions, Topic::people});
    feed.turn();
    BOOST_TEST(asked == 1);
    BOOST_TEST(!gone->is_open());
    BOOST_TEST(gone->take().bytes.empty());
    BOOST_TEST(other->take().bytes == news("people"));
}

BOOST_AUTO_TEST_CASE(everybody_is_asked_for_again_now_and_then_but_not_for_each_sign_out) {
    int asked = 0;
    const auto stream = join("127.0.0.1", [&] { ++asked; });
    clock.advance_us(options.interval_us);
    for (int i = 0; i < 100; ++i) {
        feed.tell({Topic::sessions});
        feed.turn();
    }
    BOOST_TEST(asked == 1);
    BOOST_TEST(stream->take().bytes.empty());
    clock.advance_us(options.interval_us);
    feed.turn();
    BOOST_TEST(asked == 2);
    clock.advance_us(options.heartbeat_us);
    feed.turn();
    BOOST_TEST(asked == 3);
}

BOOST_AUTO_TEST_CASE(where_nobody_can_tell_all_are_ended_after_one_question) {
    int asked = 0;
    const auto away = [&] {
        ++asked;
        throw Error(ErrorKind::unavailable, "Keystone is away");
    };
    const auto one = join("127.0.0.1", away), other = join("127.0.0.1", away);
    clock.advance_us(options.heartbeat_us);
    feed.turn();
    BOOST_TEST(asked == 1);
    BOOST_TEST(!one->is_open());
    BOOST_TEST(!other->is_open());
}

BOOST_AUTO_TEST_CASE(they_are_bounded_in_all_and_of_one_network) {
    std::vector<std::shared_ptr<http::EventStream>> streams;
    streams.push_back(join("2001:db8::1"));
    streams.push_back(join("2001:db8::2"));
    BOOST_TEST(error_of(ErrorKind::too_many_requests, [&] { join("2001:db8::3"); }).starts_with("too many clients"));
    streams.push_back(join("192.0.2.1"));
    for (int i = 0; i < 2; ++i) streams.push_back(join(i == 0 ? "127.0.0.1" : "unix"));
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { join(); }).starts_with("too many clients"));
    streams[0]->detach();
    join("2001:db8::3");
}

BOOST_AUTO_TEST_CASE(the_thread_tells_too) {
    feed.start();
    const auto stream = join();
    std::mutex mutex;
    std::condition_variable changed;
    bool is_told = false;
    stream->attach([&] {
        const std::lock_guard lock(mutex);
        is_told = true;
        changed.notify_all();
    });
    feed.tell({Topic::images});
    std::unique_lock lock(mutex);
    BOOST_TEST(changed.wait_for(lock, tests::hang_limit, [&] { return is_told; }));
    lock.unlock();
    BOOST_TEST(stream->take().bytes == news("images"));
    feed.stop();
    stream->detach();
}

BOOST_AUTO_TEST_SUITE_END()
