#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/mutex.hpp"

namespace reprieve {

/// Memory pool of all transfers: a fixed number of buffers of equal size. Memory is taken from the system on demand and
/// returned soon after use. Every upload holds a Share, which guarantees one buffer to the upload at any time. The
/// other buffers go to the first caller that asks. Any thread may use the pool. It must outlive its shares and buffers.
class BufferPool {
public:
    static constexpr std::size_t buffer_bytes = 1 << 20;

    /// Creates a pool of as many whole buffers as fit into `budget_bytes`, but at least one.
    explicit BufferPool(std::uint64_t budget_bytes);
    ~BufferPool();
    BufferPool(const BufferPool&) = delete;
    BufferPool& operator=(const BufferPool&) = delete;

    class Share;

    /// Owner of one buffer of `buffer_bytes`, or of none. The memory is aligned to pages, and its content is undefined.
    /// The destructor, which may run on any thread, returns the buffer to the pool.
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
        /// Returns the buffer to the pool now. Idempotent.
        void reset();

    private:
        friend class BufferPool;
        friend class Share;
        Buffer(BufferPool& pool, Share* share, std::byte* memory) : pool_(&pool), share_(share), memory_(memory) {}
        BufferPool* pool_ = nullptr;
        Share* share_ = nullptr;  // the share that handed out the buffer; null if it came from try_acquire()
        std::byte* memory_ = nullptr;
    };

    /// Returns a buffer if nobody waits for one and a buffer is free that is not guaranteed to a share. Otherwise
    /// returns an empty Buffer. Does not block. Use it for work that is only slower without a buffer: collecting small
    /// writes, reading ahead. Throws std::bad_alloc.
    Buffer try_acquire();

    /// The right of one upload to buffers of the pool: to at least one at any time. A share must outlive the buffers
    /// that it returned.
    class Share {
    public:
        /// Registers an upload. Blocks until a buffer is free that is not guaranteed to another share.
        explicit Share(BufferPool& pool);
        ~Share();
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        /// Returns a buffer. Does not block if this share holds no buffer. Otherwise blocks until a buffer is free that
        /// is not guaranteed to another share and no new Share waits for one, or until this share holds no buffer.
        /// Throws std::bad_alloc.
        Buffer acquire();

    private:
        friend class Buffer;
        void give_back(std::byte* memory) EXCLUDES(pool_.mutex_);

        BufferPool& pool_;
        std::size_t held_ GUARDED_BY(pool_.mutex_) = 0;  // number of buffers that this share has handed out
    };

    /// Returns the number of buffers of the pool, in use or not.
    std::size_t capacity() const { return capacity_; }
    std::size_t in_use() const;

    /// Returns the number of buffers that have memory from the system, in use or not.
    std::size_t allocated() const;

private:
    /// Maximum number of free buffers that keep their memory: `kept_running` while there are shares, `kept_idle` once
    /// the last share is gone.
    static constexpr std::size_t kept_running = 8;
    static constexpr std::size_t kept_idle = 1;

    std::byte* take_memory() REQUIRES(mutex_);
    void put_back(std::byte* memory) REQUIRES(mutex_);
    void give_back(std::byte* memory) EXCLUDES(mutex_);
    /// Unmaps free buffers until at most `kept` have memory.
    void trim(std::size_t kept) REQUIRES(mutex_);
    /// Returns true if a buffer is free that is not guaranteed to any share.
    bool has_spare() const REQUIRES(mutex_) { return capacity_ - in_use_ > empty_shares_; }

    const std::size_t capacity_;
    mutable Mutex mutex_;
    ConditionVariable freed_;
    std::size_t in_use_ GUARDED_BY(mutex_) = 0;
    std::size_t shares_ GUARDED_BY(mutex_) = 0;
    // Number of shares that hold no buffer. At least as many buffers are always free.
    std::size_t empty_shares_ GUARDED_BY(mutex_) = 0;
    std::size_t waiting_shares_ GUARDED_BY(mutex_) = 0;
    std::size_t waiting_buffers_ GUARDED_BY(mutex_) = 0;
    std::vector<std::byte*> free_ GUARDED_BY(mutex_);  // the free buffers that have memory; the others have none
};

}  // namespace reprieve
