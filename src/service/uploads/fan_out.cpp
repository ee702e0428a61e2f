#include "service/uploads/fan_out.hpp"

#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace reprieve::service {

FanOut::FanOut(std::vector<Consumer> consumers) : consumers_(std::move(consumers)) {
    try {
        threads_.reserve(consumers_.size());
        for (const auto& consumer : consumers_) threads_.emplace_back([this, &consumer] { run(consumer); });
    } catch (const std::system_error&) {
        close();
        throw Error(ErrorKind::unavailable, "the machine cannot start more threads for an upload: try again later");
    }
}

FanOut::~FanOut() {
    {
        const MutexLock lock(mutex_);
        dropping_ = true;
    }
    close();
}

void FanOut::close() {
    {
        const MutexLock lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void FanOut::throw_failure() {
    if (failure_) std::rethrow_exception(failure_);
}

void FanOut::check() {
    const MutexLock lock(mutex_);
    throw_failure();
}

void FanOut::wait_for_room() {
    MutexLock lock(mutex_);
    changed_.wait(lock, [this]() REQUIRES(mutex_) { return failure_ || ring_[published_ % depth].pending == 0; });
    throw_failure();
}

void FanOut::publish(BufferPool::Buffer buffer, std::size_t size) {
    {
        const MutexLock lock(mutex_);
        Slot& slot = ring_[published_ % depth];
        slot.buffer = std::move(buffer);
        slot.size = size;
        slot.pending = consumers_.size();
        ++published_;
    }
    changed_.notify_all();
}

void FanOut::finish() {
    close();
    check();
}

void FanOut::run(const Consumer& consume) {
    MutexLock lock(mutex_);
    for (std::uint64_t next = 0;; ++next) {
        changed_.wait(lock, [&]() REQUIRES(mutex_) { return published_ > next || closed_; });
        if (published_ == next) return;
        Slot& slot = ring_[next % depth];
        // Return the buffers to the pool after a failure, too: the receiving thread may wait for one.
        if (!dropping_) {
            lock.unlock();
            std::exception_ptr failure;
            try {
                consume(slot.buffer.bytes().first(slot.size));
            } catch (...) {
                failure = std::current_exception();
            }
            lock.lock();
            if (failure && !failure_) {
                failure_ = failure;
                dropping_ = true;
            }
        }
        if (--slot.pending > 0) continue;
        BufferPool::Buffer done = std::move(slot.buffer);
        lock.unlock();
        done.reset();
        changed_.notify_all();
        lock.lock();
    }
}

}  // namespace reprieve::service
