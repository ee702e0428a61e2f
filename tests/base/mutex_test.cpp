#include "base/mutex.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/hang_limit.hpp"

using namespace reprieve;

namespace {

/// Thread that runs `work`. A test that leaves one hanging ends the program.
class Other {
public:
    explicit Other(std::function<void()> work)
        : thread_([this, work = std::move(work)] {
              work();
              ended_.release();
          }) {}

    void join() {
        BOOST_REQUIRE(ended_.try_acquire_for(tests::hang_limit));
        thread_.join();
    }

private:
    std::binary_semaphore ended_{0};
    std::thread thread_;
};

struct Shared {
    void add_one() {
        const MutexLock lock(mutex);
        const int before = value;
        std::this_thread::yield();
        value = before + 1;
        changed.notify_all();
    }

    int get() {
        const MutexLock lock(mutex);
        return value;
    }

    /// Throws after another thread has had the mutex.
    void fail_without(MutexLock& lock) REQUIRES(mutex) {
        const MutexUnlock unlocked(lock, mutex);
        Other([this] { add_one(); }).join();
        throw std::runtime_error("it failed");
    }

    Mutex mutex;
    ConditionVariable changed;
    int value GUARDED_BY(mutex) = 0;
};

}  // namespace

// MutexLock::unlock() throws unless the lock holds the mutex, as std::unique_lock does. So a last unlock() is a check.
BOOST_FIXTURE_TEST_SUITE(mutex, Shared)

BOOST_AUTO_TEST_CASE(one_thread_holds_it_at_a_time) {
    constexpr int rounds = 1000;
    std::list<Other> others;
    for (int i = 0; i < 4; ++i)
        others.emplace_back([this] {
            for (int round = 0; round < rounds; ++round) add_one();
        });
    for (Other& other : others) other.join();
    BOOST_TEST(get() == 4 * rounds);
}

BOOST_AUTO_TEST_CASE(a_lock_can_release_it_for_a_while) {
    MutexLock lock(mutex);
    lock.unlock();
    Other([this] { add_one(); }).join();
    lock.lock();
    BOOST_TEST(value == 1);
    lock.unlock();
}

BOOST_AUTO_TEST_CASE(it_is_locked_again_after_work_without_it) {
    MutexLock lock(mutex);
    {
        const MutexUnlock unlocked(lock, mutex);
        Other([this] { add_one(); }).join();
    }
    BOOST_TEST(value == 1);
    lock.unlock();
}

BOOST_AUTO_TEST_CASE(it_is_locked_again_after_work_without_it_that_throws) {
    MutexLock lock(mutex);
    BOOST_CHECK_THROW(fail_without(lock), std::runtime_error);
    BOOST_TEST(value == 1);
    lock.unlock();
}

BOOST_AUTO_TEST_CASE(a_wait_releases_it_until_the_condition_is_met) {
    std::binary_semaphore is_locked(0);
    Other waiting([&] {
        MutexLock lock(mutex);
        is_locked.release();
        changed.wait(lock, [this]() REQUIRES(mutex) { return value == 2; });
        lock.unlock();
    });
    BOOST_REQUIRE(is_locked.try_acquire_for(tests::hang_limit));
    Other([this] { add_one(); }).join();
    Other([this] { add_one(); }).join();
    waiting.join();
}

BOOST_AUTO_TEST_CASE(a_wait_with_a_limit_ends_without_a_notification) {
    constexpr std::chrono::milliseconds at_once{1};
    MutexLock lock(mutex);
    BOOST_TEST(!changed.wait_for(lock, at_once, [] { return false; }));
    BOOST_TEST(!changed.wait_until(lock, std::chrono::steady_clock::now() + at_once, [] { return false; }));
    lock.unlock();
}

BOOST_AUTO_TEST_CASE(a_wait_with_a_limit_tells_that_the_condition_is_met) {
    MutexLock lock(mutex);
    Other other([this] { add_one(); });
    const auto is_met = [this]() REQUIRES(mutex) { return value == 1; };
    BOOST_TEST(changed.wait_for(lock, tests::hang_limit, is_met));
    BOOST_TEST(changed.wait_until(lock, std::chrono::steady_clock::now() + tests::hang_limit, is_met));
    other.join();
}

BOOST_AUTO_TEST_SUITE_END()
