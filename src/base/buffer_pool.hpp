#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace reprieve {

/// The memory of all transfers together: a fixed number of equal buffers, taken from the system on demand and
/// given back soon. Every upload holds a Share, which guarantees it one buffer at any time; what is beyond
/// that goes to whoever asks first. Any thread may call. It must outlive its shares and buffers.
class BufferPool {
public:
    static constexpr std::size_t buffer_bytes = 1 << 20;

    /// Whole buffers out of `budget_bytes`, at least one.
    explicit BufferPool(std::uint64_t budget_bytes);
    ~BufferPool();
    BufferPool(const BufferPool&) = delete;
    BufferPool& operator=(const BufferPool&) = delete;

    class Share;

    /// One buffer, aligned to pages; goes back to the pool on destruction, from any thread.
    /// What it holds at first is not defined.
    class Buffer {
    public:
        Buffer() = default;
        Buffer(Buffer&& other) noexcept
            : pool_(std::exchange(other.pool_, nullptr)),
              share_(std::exchange(other.share_, nullptr)),
              memory_(std::exchange(other.memory_, nullptr)) {}
        Buffer& operator=(Buffer&& other) noexcept {
            std::swap(pool_, other.pool_);
            std::swap(share_, other.share_);
            std::swap(memory_, other.memory_);
            return *this;
        }
        ~Buffer() { reset(); }

        std::span<std::byte> bytes() const { return {memory_, memory_ == nullptr ? 0 : buffer_bytes}; }
        explicit operator bool() const { return memory_ != nullptr; }
        void reset();

    private:
        friend class BufferPool;
        friend class Share;
        Buffer(BufferPool& pool, Share* share, std::byte* memory) : pool_(&pool), share_(share), memory_(memory) {}
        BufferPool* pool_ = nullptr;
        Share* share_ = nullptr;  // null for one that was nobody's by right
        std::byte* memory_ = nullptr;
    };

    /// A buffer that is guaranteed to nobody and that nobody waits for; none where there is none. For what goes on
    /// without, only more slowly: writes that are gathered, reads ahead. Throws std::bad_alloc.
    Buffer try_acquire();

    /// One upload's claim to buffers. It must outlive the buffers it gave.
    class Share {
    public:
        /// Waits while there are as many shares as buffers.
        explicit Share(BufferPool& pool);
        ~Share();
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        /// At once where this share holds none; otherwise waits until a buffer is free that is not
        /// guaranteed to another share, or until this one holds none. Throws std::bad_alloc.
        Buffer acquire();

    private:
        friend class Buffer;
        friend class BufferPool;
        BufferPool& pool_;
        std::size_t held_ = 0;  // with the pool's mutex
    };

    std::size_t capacity() const { return capacity_; }
    std::size_t in_use() const;

    /// Buffers whose memory is taken from the system, in use or not.
    std::size_t allocated() const;

private:
    /// Free buffers whose memory is kept: while uploads run, and without any.
    static constexpr std::size_t kept_running = 8;
    static constexpr std::size_t kept_idle = 1;

    /// With the mutex held.
    std::byte* take_memory();
    void give_back(Share* share, std::byte* memory);
    void trim(std::size_t kept);
    bool has_spare() const { return capacity_ - in_use_ > empty_shares_; }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable freed_;
    std::size_t in_use_ = 0;
    std::size_t shares_ = 0;
    std::size_t empty_shares_ = 0;  // hold no buffer; there are never fewer free buffers than these
    std::size_t waiting_shares_ = 0;
    std::size_t waiting_buffers_ = 0;
    std::vector<std::byte*> free_;  // with memory; the others have none
};

}  // namespace reprieve
