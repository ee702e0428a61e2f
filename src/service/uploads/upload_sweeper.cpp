#include "service/uploads/upload_sweeper.hpp"

#include <algorithm>
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
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void UploadSweeper::wake() {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
    changed_.notify_all();
}

std::int64_t UploadSweeper::turn() {
    const auto next = uploads_.next_expiry();
    if (!next) return longest_sleep_us;
    const std::int64_t left_us = *next - clock_.now_us();
    if (left_us > 0) return std::min(left_us, longest_sleep_us);
    return uploads_.sweep() > 0 ? 0 : retry_us;
}

void UploadSweeper::loop() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        is_woken_ = false;
        lock.unlock();
        std::int64_t sleep_us = retry_us;
        try {
            sleep_us = turn();
        } catch (const std::exception& error) {
            log_error("upload.not_swept", error.what(), {});
        }
        lock.lock();
        changed_.wait_for(lock, std::chrono::microseconds(sleep_us), [this] { return is_stopping_ || is_woken_; });
    }
}

}  // namespace reprieve::service
