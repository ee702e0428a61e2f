#include "service/upload_sweeper.hpp"

#include <chrono>

#include "base/log.hpp"

namespace reprieve::service {

void UploadSweeper::start() {
    thread_ = std::thread([this] { loop(); });
}

void UploadSweeper::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        stopped_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void UploadSweeper::loop() {
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, std::chrono::microseconds(interval_us), [this] { return is_stopping_; })) {
        lock.unlock();
        try {
            uploads_.sweep();
        } catch (const std::exception& error) {
            log_error("upload.not_swept", error.what(), {});
        }
        lock.lock();
    }
}

}  // namespace reprieve::service
