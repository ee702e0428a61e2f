#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>

#include "catalog/catalog.hpp"
#include "service/uploads/running_uploads.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Removes, while the appliance runs, what uploads left that could not be undone at their end or at the start of the
/// appliance, as their store did not answer then; and gives their images back as queued. Any thread may call.
class UploadMender {
public:
    static constexpr std::int64_t retry_us = 10'000'000;

    UploadMender(catalog::Catalog& catalog, store::StoreSet& stores, RunningUploads& running)
        : catalog_(catalog), stores_(stores), running_(running) {}
    ~UploadMender() { stop(); }

    /// Starts the thread, which tries every `retry_us` as long as something is left.
    void start();
    void stop();

    /// An upload has left something.
    void wake();

    /// One try. Uploads that run are let alone; a store that does not answer is asked once. Returns how many images are
    /// still to be mended.
    std::size_t mend();

private:
    void loop();

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    RunningUploads& running_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_needed_ = true;  // what the start of the appliance could not mend
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace reprieve::service
