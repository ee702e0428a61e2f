#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <thread>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/mutex.hpp"

namespace reprieve::service {

/// Queue that hands each buffer, in order, to several consumers at once. Each consumer runs on a thread of its own. The
/// queue is a ring of `depth` buffers. A buffer returns to its pool when the last consumer is done with it. Only one
/// thread may call the functions.
class FanOut {
public:
    using Consumer = std::function<void(std::span<const std::byte>)>;
    static constexpr std::size_t depth = 8;

    /// Starts the threads. Throws unavailable if the system cannot start more threads.
    explicit FanOut(std::vector<Consumer> consumers);

    /// Drops the buffers that are not consumed yet, and ends the threads.
    ~FanOut();
    FanOut(const FanOut&) = delete;
    FanOut& operator=(const FanOut&) = delete;

    /// Blocks until the ring has room for one more buffer. Throws the error of a consumer that failed.
    void wait_for_room();

    /// Hands the first `size` bytes of the buffer to the consumers. Requires: the ring is empty, or wait_for_room() was
    /// called since the last publish().
    void publish(BufferPool::Buffer buffer, std::size_t size);

    /// Throws the error of a consumer if one has failed. Does not block.
    void check();

    /// Blocks until all buffers are consumed, and ends the threads. Throws the error of a consumer that failed.
    void finish();

private:
    struct Slot {
        BufferPool::Buffer buffer;
        std::size_t size = 0;
        std::size_t pending = 0;  // number of consumers that are not done with the buffer
    };

    void run(const Consumer& consume);
    void close();
    void throw_failure() REQUIRES(mutex_);

    std::vector<Consumer> consumers_;
    std::vector<std::thread> threads_;
    Mutex mutex_;
    ConditionVariable changed_;
    std::array<Slot, depth> ring_ GUARDED_BY(mutex_);
    std::uint64_t published_ GUARDED_BY(mutex_) = 0;
    bool closed_ GUARDED_BY(mutex_) = false;         // no more buffers will be published
    bool dropping_ GUARDED_BY(mutex_) = false;       // buffers go back to the pool unread: a consumer failed
    std::exception_ptr failure_ GUARDED_BY(mutex_);  // error of the first consumer that failed
};

}  // namespace reprieve::service
