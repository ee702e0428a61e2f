#include "base/worker.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"

namespace reprieve {
namespace {

// Maximum time of one wait. A wait does not count the time in which the machine is suspended, so the thread looks at
// the boot clock at least this often.
constexpr std::int64_t longest_sleep_us = 60 * us_per_second;

}  // namespace

Worker::Worker(std::string name, const Clock& clock, Turn turn)
    : clock_(clock), turn_(std::move(turn)), status_{.name = std::move(name)} {}

void Worker::start() {
    const MutexLock lock(mutex_);
    if (thread_.joinable() || is_stopping_) return;
    thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
    std::thread thread;
    {
        const MutexLock lock(mutex_);
        is_stopping_ = true;
        changed_.notify_all();
        thread = std::move(thread_);
    }
    if (thread.joinable()) thread.join();
}

void Worker::wake() {
    const MutexLock lock(mutex_);
    is_woken_ = true;
    changed_.notify_all();
}

bool Worker::is_stopping() const {
    const MutexLock lock(mutex_);
    return is_stopping_;
}

Worker::Status Worker::status() const {
    const MutexLock lock(mutex_);
    Status status = status_;
    if (next_turn_at_) status.next_turn_at = clock_.now_us() + (*next_turn_at_ - clock_.boot_us());
    return status;
}

void Worker::run() {
    MutexLock lock(mutex_);
    while (!is_stopping_) {
        is_woken_ = false;
        status_.is_busy = true;
        next_turn_at_.reset();
        lock.unlock();
        std::optional<std::int64_t> pause_us;
        std::optional<std::string> error;
        try {
            pause_us = turn_();
        } catch (const std::exception& failure) {
            error = failure.what();
        } catch (...) {
            error = "an exception that is not a std::exception";
        }
        lock.lock();
        status_.is_busy = false;
        if (error)
            pause_us = note_failure(*error);
        else
            status_.failures_in_a_row = 0;
        if (pause_us) next_turn_at_ = clock_.boot_us() + *pause_us;
        sleep(lock);
    }
}

/// Records and logs that a turn threw. Returns the microseconds to wait before the retry.
std::int64_t Worker::note_failure(const std::string& error) {
    std::int64_t pause_us = first_retry_us;
    for (std::uint64_t i = 0; i < status_.failures_in_a_row && pause_us < longest_retry_us; ++i) pause_us *= 2;
    pause_us = std::min(pause_us, longest_retry_us);
    ++status_.failures;
    ++status_.failures_in_a_row;
    status_.last_error = error;
    status_.last_error_at = clock_.now_us();
    log_error("worker.failed", error, {{"worker", status_.name}, {"retry_in_s", pause_us / us_per_second}});
    return pause_us;
}

/// Blocks until the next turn is due, or until wake() or stop() is called. Releases `lock` during the wait.
void Worker::sleep(MutexLock& lock) {
    const auto is_called = [this]() REQUIRES(mutex_) { return is_stopping_ || is_woken_; };
    if (!next_turn_at_) return changed_.wait(lock, is_called);
    while (!is_called()) {
        const std::int64_t left_us = *next_turn_at_ - clock_.boot_us();
        if (left_us <= 0) return;
        changed_.wait_for(lock, std::chrono::microseconds(std::min(left_us, longest_sleep_us)), is_called);
    }
}

}  // namespace reprieve
