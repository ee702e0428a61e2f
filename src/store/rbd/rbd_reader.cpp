#include "store/rbd/rbd_reader.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/mutex.hpp"

namespace reprieve::store {
namespace {

constexpr std::size_t max_ahead = 16;  // maximum of reads that are in flight or done but not used, one buffer each

}  // namespace

/// Asynchronous read into one buffer. A thread of librbd completes it, maybe after the reader is destroyed.
class RbdReader::Ahead : public std::enable_shared_from_this<RbdReader::Ahead> {
public:
    Ahead(std::uint64_t offset, std::size_t size, BufferPool::Buffer buffer)
        : offset_(offset), size_(size), buffer_(std::move(buffer)) {}

    std::uint64_t offset() const { return offset_; }
    std::uint64_t end() const { return offset_ + size_; }

    void start(RbdImage& image) {
        ceph_ = &image.library();
        rbd_completion_t completion = nullptr;
        auto self = std::make_unique<std::shared_ptr<Ahead>>(shared_from_this());
        image.check("cannot read", ceph_->rbd_aio_create_completion(self.get(), ended, &completion));
        operation_ = image.begin_operation();
        const int result = ceph_->rbd_aio_read(image.handle(), offset_, size_,
                                               reinterpret_cast<char*>(buffer_.bytes().data()), completion);
        if (result < 0) {
            operation_.reset();
            ceph_->rbd_aio_release(completion);
            image.check("cannot read", result);
        }
        static_cast<void>(self.release());  // ended() owns it now
    }

    /// Waits for the read, and returns its bytes. Throws if the read failed.
    std::span<const std::byte> bytes(RbdImage& image) {
        MutexLock lock(mutex_);
        changed_.wait(lock, [this]() REQUIRES(mutex_) { return is_ended_; });
        image.check("cannot read", static_cast<int>(result_));
        return buffer_.bytes().first(size_);
    }

private:
    static void ended(rbd_completion_t completion, void* argument) {
        const std::unique_ptr<std::shared_ptr<Ahead>> owner(static_cast<std::shared_ptr<Ahead>*>(argument));
        Ahead& self = **owner;
        const auto result = self.ceph_->rbd_aio_get_return_value(completion);
        self.ceph_->rbd_aio_release(completion);
        {
            const MutexLock lock(self.mutex_);
            self.result_ = result;
            self.is_ended_ = true;
        }
        self.changed_.notify_all();
        self.operation_.reset();
    }

    const std::uint64_t offset_;
    const std::size_t size_;
    BufferPool::Buffer buffer_;
    const CephLibrary* ceph_ = nullptr;
    std::shared_ptr<void> operation_;  ///< keeps the image open until the read has ended
    Mutex mutex_;
    ConditionVariable changed_;
    bool is_ended_ GUARDED_BY(mutex_) = false;
    ssize_t result_ GUARDED_BY(mutex_) = 0;
};

RbdReader::RbdReader(std::shared_ptr<CephPool> pool, const std::string& name, BufferPool& buffers,
                     std::shared_ptr<void> use)
    : use_(std::move(use)),
      image_(std::make_unique<RbdImage>(std::move(pool), name, RbdImage::Access::read)),
      buffers_(buffers) {
    // An interrupted removal may have removed the snapshot. Then read the image itself: it has the same bytes, because
    // only this service writes to it.
    if (image_->has_snapshot()) image_->read_snapshot();
    size_ = image_->size();
    extents_ = image_->extents();
}

std::uint64_t RbdReader::allocated() const {
    std::uint64_t sum = 0;
    for (const auto& extent : extents_) sum += extent.length;
    return sum;
}

RbdReader::Run RbdReader::run_at(std::uint64_t offset, std::uint64_t most) const {
    const auto next = std::upper_bound(extents_.begin(), extents_.end(), offset,
                                       [](std::uint64_t o, const auto& extent) { return o < extent.offset; });
    if (next != extents_.begin()) {
        const auto& extent = *std::prev(next);
        if (offset < extent.offset + extent.length)
            return {std::min(most, extent.offset + extent.length - offset), false};
    }
    return {next == extents_.end() ? most : std::min(most, next->offset - offset), true};
}

std::size_t RbdReader::read(std::uint64_t offset, std::span<std::byte> out) {
    if (offset >= size_) return 0;
    out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset)));
    const MutexLock lock(mutex_);
    const bool goes_on = offset == expected_;
    std::size_t filled = 0;
    while (filled < out.size()) {
        const Run run = run_at(offset + filled, out.size() - filled);
        const auto part = out.subspan(filled, static_cast<std::size_t>(run.length));
        if (run.is_hole) {
            std::memset(part.data(), 0, part.size());
            filled += part.size();
        } else {
            filled += read_data(offset + filled, part);
        }
        if (goes_on) read_ahead(offset + filled);
    }
    expected_ = offset + filled;
    return filled;
}

std::size_t RbdReader::read_data(std::uint64_t offset, std::span<std::byte> out) {
    while (!ahead_.empty() && (ahead_.front()->end() <= offset || ahead_.front()->offset() > offset))
        ahead_.pop_front();
    if (ahead_.empty()) {
        const auto count =
            image_->library().rbd_read(image_->handle(), offset, out.size(), reinterpret_cast<char*>(out.data()));
        return static_cast<std::size_t>(image_->check("cannot read", static_cast<int>(count)));
    }
    const auto ahead = ahead_.front();
    const auto bytes = ahead->bytes(*image_).subspan(static_cast<std::size_t>(offset - ahead->offset()));
    const std::size_t count = std::min(bytes.size(), out.size());
    std::memcpy(out.data(), bytes.data(), count);
    if (offset + count == ahead->end()) ahead_.pop_front();
    return count;
}

void RbdReader::read_ahead(std::uint64_t offset) {
    std::uint64_t next = ahead_.empty() ? offset : std::max(offset, ahead_.back()->end());
    while (ahead_.size() < max_ahead && next < size_) {
        const Run run = run_at(next, size_ - next);
        if (run.is_hole) {
            next += run.length;
            continue;
        }
        auto buffer = buffers_.try_acquire();
        if (!buffer) return;
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(run.length, BufferPool::buffer_bytes));
        auto ahead = std::make_shared<Ahead>(next, size, std::move(buffer));
        ahead->start(*image_);
        ahead_.push_back(std::move(ahead));
        next += size;
    }
}

}  // namespace reprieve::store
