#include "base/buffer_pool.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace reprieve {
namespace {

// Use mmap() instead of the heap, because munmap() returns the memory to the system at once.
std::byte* map_buffer() {
    void* memory =
        ::mmap(nullptr, BufferPool::buffer_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::byte*>(memory);
}

}  // namespace

BufferPool::BufferPool(std::uint64_t budget_bytes)
    : capacity_(static_cast<std::size_t>(std::max<std::uint64_t>(1, budget_bytes / buffer_bytes))) {
    free_.reserve(kept_running + 1);
}

BufferPool::~BufferPool() { trim(0); }

std::size_t BufferPool::in_use() const {
    const MutexLock lock(mutex_);
    return in_use_;
}

std::size_t BufferPool::allocated() const {
    const MutexLock lock(mutex_);
    return in_use_ + free_.size();
}

void BufferPool::trim(std::size_t kept) {
    while (free_.size() > kept) {
        ::munmap(free_.back(), buffer_bytes);
        free_.pop_back();
    }
}

std::byte* BufferPool::take_memory() {
    std::byte* memory = nullptr;
    if (free_.empty()) {
        memory = map_buffer();
    } else {
        memory = free_.back();
        free_.pop_back();
    }
    ++in_use_;
    return memory;
}

BufferPool::Buffer BufferPool::try_acquire() {
    const MutexLock lock(mutex_);
    if (waiting_shares_ + waiting_buffers_ > 0 || !has_spare()) return {};
    return Buffer(*this, nullptr, take_memory());
}

void BufferPool::put_back(std::byte* memory) {
    --in_use_;
    free_.push_back(memory);
    trim(kept_running);
}

void BufferPool::give_back(std::byte* memory) {
    {
        const MutexLock lock(mutex_);
        put_back(memory);
    }
    freed_.notify_all();
}

void BufferPool::Share::give_back(std::byte* memory) {
    {
        const MutexLock lock(pool_.mutex_);
        if (--held_ == 0) ++pool_.empty_shares_;
        pool_.put_back(memory);
    }
    pool_.freed_.notify_all();
}

void BufferPool::Buffer::reset() {
    if (memory_ == nullptr) return;
    share_ == nullptr ? pool_->give_back(memory_) : share_->give_back(memory_);
    memory_ = nullptr;
}

BufferPool::Share::Share(BufferPool& pool) : pool_(pool) {
    MutexLock lock(pool_.mutex_);
    ++pool_.waiting_shares_;
    pool_.freed_.wait(lock, [this]() REQUIRES(pool_.mutex_) { return pool_.has_spare(); });
    --pool_.waiting_shares_;
    ++pool_.shares_;
    ++pool_.empty_shares_;
}

BufferPool::Share::~Share() {
    {
        const MutexLock lock(pool_.mutex_);
        --pool_.empty_shares_;
        if (--pool_.shares_ == 0) pool_.trim(kept_idle);
    }
    pool_.freed_.notify_all();
}

BufferPool::Buffer BufferPool::Share::acquire() {
    MutexLock lock(pool_.mutex_);
    // A new upload that waits for its first buffer has priority over a running upload that wants a second one.
    ++pool_.waiting_buffers_;
    pool_.freed_.wait(lock, [this]() REQUIRES(pool_.mutex_) {
        return held_ == 0 || (pool_.waiting_shares_ == 0 && pool_.has_spare());
    });
    --pool_.waiting_buffers_;
    std::byte* memory = pool_.take_memory();
    if (held_++ == 0) --pool_.empty_shares_;
    return Buffer(pool_, this, memory);
}

}  // namespace reprieve
