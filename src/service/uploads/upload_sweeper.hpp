#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "service/uploads/resumable_uploads.hpp"

namespace reprieve::service {

/// Background thread that ends resumable uploads once they expire or may not go on. It sleeps until the next expiry, or
/// until wake(). Any thread may call.
class UploadSweeper {
public:
    /// Maximum delay before an upload that could not be ended is tried again.
    static constexpr std::int64_t retry_us = 10 * us_per_second;
    /// Maximum sleep. Bounds the delay of an expiry if the wall clock steps forward.
    static constexpr std::int64_t longest_sleep_us = 600 * us_per_second;

    /// The arguments must outlive this.
    UploadSweeper(ResumableUploads& uploads, const Clock& clock) : uploads_(uploads), clock_(clock) {}
    ~UploadSweeper() { stop(); }

    /// Starts the thread. Call once.
    void start();
    /// Ends the thread. Idempotent.
    void stop();

    /// Wakes the thread because uploads have changed. Does not block or throw, so Catalog::when_changed may call it.
    void wake();

    /// Ends the uploads that are due. Returns the microseconds until the next turn, from 0 to `longest_sleep_us`.
    /// Called by the thread, and by tests. Throws Error if the catalog cannot be read.
    std::int64_t turn();

private:
    void loop();

    ResumableUploads& uploads_;
    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_woken_ = false;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace reprieve::service
