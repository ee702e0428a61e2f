#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "service/uploads/running_uploads.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Removes, while the appliance runs, what uploads left that could not be undone at their end or at the start of the
/// appliance, as their store did not answer then; and gives their images back as queued. Any thread may call.
class UploadMender {
public:
    static constexpr std::int64_t retry_us = 10'000'000;

    /// The arguments must outlive this.
    UploadMender(catalog::Catalog& catalog, store::StoreSet& stores, RunningUploads& running, const Clock& clock)
        : catalog_(catalog), stores_(stores), running_(running), clock_(clock) {}
    ~UploadMender() { stop(); }

    /// Starts and ends the worker, which tries every `retry_us` as long as something is left.
    void start();
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// Notes that an upload has left something: it is tried after `retry_us`.
    void wake();

    /// Tries if that is due. Returns the microseconds until the next try, or nullopt if nothing is left. Called by the
    /// worker, and by tests. Throws Error if the catalog cannot be used.
    std::optional<std::int64_t> turn();

    /// Tries once. Skips uploads that run, and asks a store that does not answer only once. Returns how many images are
    /// still to be mended.
    std::size_t mend();

private:
    void set_due();
    std::optional<std::int64_t> left_until_due() const;

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    RunningUploads& running_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::optional<std::int64_t> due_at_;  ///< by Clock::boot_us()
    Worker worker_{"upload_mender", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
