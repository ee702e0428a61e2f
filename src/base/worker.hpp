#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"

namespace reprieve {

/// A thread that does the due work of one object in turns and sleeps in between. Any thread may call its functions.
///
/// A turn that throws is logged, counted and tried again: after `first_retry_us`, then after twice as long each time,
/// up to `longest_retry_us`. wake() ends such a wait, too.
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

    /// Has the thread take a turn now, or after the one that it is taking. Does not block for longer than a lock.
    void wake();

    /// Tells a turn to end early, because stop() was called.
    bool is_stopping() const;

    struct Status {
        std::string name;
        bool is_busy = false;                       ///< in a turn now
        std::uint64_t failures = 0;                 ///< turns that threw, since the start
        std::uint64_t failures_in_a_row = 0;        ///< 0 once a turn has succeeded
        std::string last_error;                     ///< of the last turn that threw; empty if none did
        std::optional<std::int64_t> last_error_at;  ///< microseconds since 1970 UTC
        std::optional<std::int64_t> next_turn_at;   ///< microseconds since 1970 UTC; nullopt if it waits for wake()
    };
    Status status() const;

private:
    void run();
    std::int64_t note_failure(const std::string& error);
    void sleep(std::unique_lock<std::mutex>& lock);

    const Clock& clock_;
    const Turn turn_;

    mutable std::mutex mutex_;  ///< guards all below
    std::condition_variable changed_;
    bool is_woken_ = false;
    bool is_stopping_ = false;
    Status status_;                             ///< but for next_turn_at
    std::optional<std::int64_t> next_turn_at_;  ///< by Clock::boot_us()
    std::thread thread_;
};

}  // namespace reprieve
