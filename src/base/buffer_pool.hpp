#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/mutex.hpp"

namespace reprieve {

/// Memory pool of all transfers: a fixed number of buffers of equal size. Memory is taken from the system on demand and
/// returned soon after use. Every upload holds a Share, which guarantees it one buffer at any time. The other buffers
/// go to the first that asks. Any thread may call. The pool must outlive its shares and buffers.
class BufferPool {
public:
    static constexpr std::size_t buffer_bytes = 1 << 20;

    /// Creates a pool of as many whole buffers as fit into `budget_bytes`, but at least one.
    explicit BufferPool(std::uint64_t budget_bytes);
    ~BufferPool();
    BufferPool(const BufferPool&) = delete;
    BufferPool& operator=(const BufferPool&) = delete;

    class Share;

    /// One buffer of `buffer_bytes`, aligned to pages, with undefined content; or empty. The destructor returns it to
    /// the pool, on any thread.
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
        Share* share_ = nullptr;  // null if the buffer came from try_acquire()
        std::byte* memory_ = nullptr;
    };

    /// Returns a buffer if one is free that is not guaranteed to a share and that nobody waits for; otherwise an empty
    /// Buffer. For work that is only slower without a buffer: collecting small writes, reading ahead. Does not block.
    /// Throws std::bad_alloc.
    Buffer try_acquire();

    /// One upload's claim to buffers. A share must outlive the buffers that it returned.
    class Share {
    public:
        /// Registers the upload. Blocks while the pool has as many shares as buffers.
        explicit Share(BufferPool& pool);
        ~Share();
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        /// Returns a buffer. Does not wait if this share holds none. Otherwise blocks until a buffer is free that is
        /// not guaranteed to another share, or until this share holds none. Throws std::bad_alloc.
        Buffer acquire();

    private:
        friend class Buffer;
        void give_back(std::byte* memory) EXCLUDES(pool_.mutex_);

        BufferPool& pool_;
        std::size_t held_ GUARDED_BY(pool_.mutex_) = 0;  // buffers of this share
    };

    /// Returns the number of buffers of the pool, in use or not.
    std::size_t capacity() const { return capacity_; }
    std::size_t in_use() const;

    /// Returns the number of buffers whose memory is taken from the system, in use or not.
    std::size_t allocated() const;

private:
    /// Number of free buffers whose memory is kept: while there are shares, and when there are none.
    static constexpr std::size_t kept_running = 8;
    static constexpr std::size_t kept_idle = 1;

    std::byte* take_memory() REQUIRES(mutex_);
    void put_back(std::byte* memory) REQUIRES(mutex_);
    void give_back(std::byte* memory) EXCLUDES(mutex_);
    /// Unmaps free buffers until at most `kept` have memory.
    void trim(std::size_t kept) REQUIRES(mutex_);
    /// Returns true if a buffer is free that is not guaranteed to a share.
    bool has_spare() const REQUIRES(mutex_) { return capacity_ - in_use_ > empty_shares_; }

    const std::size_t capacity_;
    mutable Mutex mutex_;
    ConditionVariable freed_;
    std::size_t in_use_ GUARDED_BY(mutex_) = 0;
    std::size_t shares_ GUARDED_BY(mutex_) = 0;
    // Shares without a buffer. There are never fewer free buffers than these.
    std::size_t empty_shares_ GUARDED_BY(mutex_) = 0;
    std::size_t waiting_shares_ GUARDED_BY(mutex_) = 0;
    std::size_t waiting_buffers_ GUARDED_BY(mutex_) = 0;
    std::vector<std::byte*> free_ GUARDED_BY(mutex_);  // the free buffers that have memory; the others have none
};

}  // namespace reprieve
