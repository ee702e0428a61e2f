#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/mutex.hpp"

namespace reprieve {

/// Background thread that does the work of one object in turns: it calls `turn`, sleeps until more work is due, and
/// calls `turn` again. Any thread may call the functions of this class.
///
/// If a turn throws, the failure is logged and counted, and the turn is retried after a back-off. The back-off begins
/// with `first_retry_us` and doubles at each further failure up to `longest_retry_us`. wake() ends the back-off early.
class Worker {
public:
    static constexpr std::int64_t first_retry_us = 10 * us_per_second;
    static constexpr std::int64_t longest_retry_us = 600 * us_per_second;

    /// Function that does the work that is due. It returns the microseconds until more work is due (0: at once), or
    /// nullopt if no more is due until wake() is called. Only the thread of the worker calls it.
    using Turn = std::function<std::optional<std::int64_t>()>;

    /// `name` is the name of the worker for people: in the log, in GET /api/status and on the page. `clock`, and the
    /// objects that `turn` uses, must live until stop() has returned.
    Worker(std::string name, const Clock& clock, Turn turn);
    ~Worker() { stop(); }

    /// Starts the thread, which calls `turn` at once. Does nothing if it was started or stopped before.
    void start();

    /// Ends the thread, and waits until a running turn has ended. Idempotent.
    void stop();

    /// Makes the thread call `turn` now, or again directly after the running turn. Does not wait for the turn.
    void wake();

    /// Returns true once stop() was called. A long turn should check this, and end early.
    bool is_stopping() const;

    struct Status {
        std::string name;
        bool is_busy = false;                       ///< a turn is running
        std::uint64_t failures = 0;                 ///< number of turns that threw since the start
        std::uint64_t failures_in_a_row = 0;        ///< number of turns that threw since the last one that succeeded
        std::string last_error;                     ///< message of the last turn that threw; empty if none did
        std::optional<std::int64_t> last_error_at;  ///< microseconds since 1970 UTC; nullopt if no turn threw
        std::optional<std::int64_t> next_turn_at;   ///< microseconds since 1970 UTC; nullopt if none is planned
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
    Status status_ GUARDED_BY(mutex_);  ///< complete except for next_turn_at, which status() adds
    /// Time of the next turn, on the clock of Clock::boot_us(); nullopt if no turn is planned.
    std::optional<std::int64_t> next_turn_at_ GUARDED_BY(mutex_);
    std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace reprieve
