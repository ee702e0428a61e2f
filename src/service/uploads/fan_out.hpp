#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/buffer_pool.hpp"

namespace reprieve::service {

/// Hands buffers, in order, to several consumers at once, each on a thread of its own, through a ring of
/// `depth`. A buffer goes back to its pool when the last consumer is done with it. Used by one thread.
class FanOut {
public:
    using Consumer = std::function<void(std::span<const std::byte>)>;
    static constexpr std::size_t depth = 8;

    /// Starts the threads. Throws unavailable where the system gives no more of them.
    explicit FanOut(std::vector<Consumer> consumers);

    /// Drops what is not consumed yet and ends the threads.
    ~FanOut();
    FanOut(const FanOut&) = delete;
    FanOut& operator=(const FanOut&) = delete;

    /// Waits until the ring can take one more. Throws what a consumer threw.
    void wait_for_room();

    /// Hands over the first `size` bytes of the buffer. After wait_for_room().
    void publish(BufferPool::Buffer buffer, std::size_t size);

    /// Throws what a consumer threw, if one has; does not wait.
    void check();

    /// Waits until all is consumed, and ends the threads. Throws what a consumer threw.
    void finish();

private:
    struct Slot {
        BufferPool::Buffer buffer;
        std::size_t size = 0;
        std::size_t pending = 0;  // consumers that are not done with it
    };

    void run(const Consumer& consume);
    void close();
    void throw_failure();

    std::vector<Consumer> consumers_;
    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<Slot, depth> ring_;
    std::uint64_t published_ = 0;
    bool closed_ = false;         // nothing more is published
    bool dropping_ = false;       // the rest is given back unread: somebody has failed
    std::exception_ptr failure_;  // of the first consumer that failed
};

}  // namespace reprieve::service
