#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/worker.hpp"
#include "service/uploads/resumable_uploads.hpp"

namespace reprieve::service {

/// Background worker that ends resumable uploads once they expire or may not continue. It sleeps until the next expiry,
/// or until wake(). Any thread may call.
class UploadSweeper {
public:
    /// Maximum delay before the worker retries an upload that could not be ended.
    static constexpr std::int64_t retry_us = 10 * us_per_second;
    /// Maximum sleep of the worker. It limits how late an upload expires if the wall clock is set forward.
    static constexpr std::int64_t longest_sleep_us = 600 * us_per_second;

    /// The arguments must outlive this.
    UploadSweeper(ResumableUploads& uploads, const Clock& clock) : uploads_(uploads), clock_(clock) {}
    ~UploadSweeper() { stop(); }

    /// Starts and ends the worker.
    void start() { worker_.start(); }
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// Wakes the worker because uploads have changed. Does not block, so Catalog::when_changed may call it.
    void wake() { worker_.wake(); }

    /// Ends the uploads that are due. Returns the microseconds until the next turn, from 0 to `longest_sleep_us`.
    /// Called by the worker, and by tests. Throws Error if the catalog cannot be read.
    std::int64_t turn();

private:
    ResumableUploads& uploads_;
    const Clock& clock_;
    Worker worker_{"upload_sweeper", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
