#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "service/uploads/running_uploads.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Background worker that cleans up failed uploads after an outage of their store: removes their bytes and returns
/// their images to `queued`. It handles uploads whose store did not answer when they ended, or when the appliance
/// started. Any thread may call.
class UploadMender {
public:
    /// Delay in microseconds before an attempt to clean up.
    static constexpr std::int64_t retry_us = 10'000'000;

    /// The arguments must outlive this.
    UploadMender(catalog::Catalog& catalog, store::StoreSet& stores, RunningUploads& running, const Clock& clock)
        : catalog_(catalog), stores_(stores), running_(running), clock_(clock) {}
    ~UploadMender() { stop(); }

    /// Starts and ends the worker. It makes an attempt every `retry_us` until all uploads are cleaned up.
    void start();
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// Schedules an attempt after `retry_us`. Call it when an upload has left bytes in a store.
    void wake();

    /// Makes an attempt if one is due. Returns the microseconds until the next attempt, or nullopt if none is needed.
    /// Called by the worker, and by tests. Throws Error if the catalog cannot be used.
    std::optional<std::int64_t> turn();

    /// Makes one attempt, for at most 1,000 images. Skips running uploads, and skips a store once it has not
    /// answered. Returns how many of these images it could not clean up.
    std::size_t mend();

private:
    void set_due();
    std::optional<std::int64_t> left_until_due() const;

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    RunningUploads& running_;
    const Clock& clock_;
    mutable Mutex mutex_;
    std::optional<std::int64_t> due_at_ GUARDED_BY(mutex_);  ///< next attempt by Clock::boot_us(); nullopt: none needed
    Worker worker_{"upload_mender", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
