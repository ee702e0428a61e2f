#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/mutex.hpp"

namespace reprieve {

/// Background thread that does the due work of one object in turns and sleeps between them. Any thread may call its
/// functions.
///
/// A turn that throws is logged, counted and retried after a back-off. The back-off begins with `first_retry_us` and
/// doubles at each failure up to `longest_retry_us`. wake() ends it early.
class Worker {
public:
    static constexpr std::int64_t first_retry_us = 10 * us_per_second;
    static constexpr std::int64_t longest_retry_us = 600 * us_per_second;

    /// Does what is due. Returns the microseconds until more is due (0: at once), or nullopt if only wake() can make
    /// work. Only the thread of the worker calls it.
    using Turn = std::function<std::optional<std::int64_t>()>;

    /// `name` is for people: in the log, in GET /api/status and on the page. `clock` and what `turn` uses must outlive
    /// the worker's stop().
    Worker(std::string name, const Clock& clock, Turn turn);
    ~Worker() { stop(); }

    /// Starts the thread, which takes a turn at once. Does nothing if it was started or stopped before.
    void start();

    /// Ends the thread and waits for the end of its turn. Idempotent.
    void stop();

    /// Makes the thread take a turn now, or directly after the current one. Does not wait for the turn.
    void wake();

    /// Returns true once stop() was called. A long turn checks it, to end early.
    bool is_stopping() const;

    struct Status {
        std::string name;
        bool is_busy = false;                       ///< in a turn now
        std::uint64_t failures = 0;                 ///< turns that threw, since the start
        std::uint64_t failures_in_a_row = 0;        ///< 0 once a turn has succeeded
        std::string last_error;                     ///< message of the last turn that threw; empty if none did
        std::optional<std::int64_t> last_error_at;  ///< microseconds since 1970 UTC
        std::optional<std::int64_t> next_turn_at;   ///< microseconds since 1970 UTC; nullopt if it waits for wake()
    };
    Status status() const;

private:
    void run();
    std::int64_t note_failure(const std::string& error) REQUIRES(mutex_);
    void sleep(MutexLock& lock) REQUIRES(mutex_);

    const Clock& clock_;
    const Turn turn_;

    mutable Mutex mutex_;
    ConditionVariable changed_;
    bool is_woken_ GUARDED_BY(mutex_) = false;
    bool is_stopping_ GUARDED_BY(mutex_) = false;
    Status status_ GUARDED_BY(mutex_);  ///< all except next_turn_at
    /// On the clock of Clock::boot_us(); nullopt if no turn is planned.
    std::optional<std::int64_t> next_turn_at_ GUARDED_BY(mutex_);
    std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace reprieve
