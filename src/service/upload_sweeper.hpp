#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "service/resumable_uploads.hpp"

namespace reprieve::service {

/// The thread that has resumable uploads end which expired, or whose image was deleted.
class UploadSweeper {
public:
    static constexpr std::int64_t interval_us = 10'000'000;

    explicit UploadSweeper(ResumableUploads& uploads) : uploads_(uploads) {}
    ~UploadSweeper() { stop(); }

    /// Starts the thread, which looks every `interval_us`.
    void start();
    void stop();

private:
    void loop();

    ResumableUploads& uploads_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace reprieve::service
