#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/mutex.hpp"
#include "store/rbd/rbd_image.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Reader of the snapshot of an RBD image. Holes read as zeros without a request to the cluster. If a read continues
/// where the last one ended, the reader reads ahead: several reads in parallel, into spare buffers of the pool that all
/// transfers share.
class RbdReader final : public Reader {
public:
    /// `use`: result of ImageUses::read(), kept until destruction. `buffers` must outlive this. Throws not_found if the
    /// image is missing.
    RbdReader(std::shared_ptr<CephPool> pool, const std::string& name, BufferPool& buffers, std::shared_ptr<void> use);

    std::uint64_t size() const override { return size_; }
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) override;

    /// Returns the number of bytes in all parts of the image that may hold data.
    std::uint64_t allocated() const;

private:
    class Ahead;

    /// Run of bytes that are all in a hole, or all in data.
    struct Run {
        std::uint64_t length;
        bool is_hole;
    };
    /// Returns the run that begins at `offset`, cut to at most `most` bytes.
    Run run_at(std::uint64_t offset, std::uint64_t most) const;
    std::size_t read_data(std::uint64_t offset, std::span<std::byte> out) REQUIRES(mutex_);
    void read_ahead(std::uint64_t offset) REQUIRES(mutex_);

    const std::shared_ptr<void> use_;
    std::unique_ptr<RbdImage> image_;
    BufferPool& buffers_;
    std::uint64_t size_ = 0;
    std::vector<RbdImage::Extent> extents_;
    Mutex mutex_;
    std::uint64_t expected_ GUARDED_BY(mutex_) = 0;                // offset at which the last read ended
    std::deque<std::shared_ptr<Ahead>> ahead_ GUARDED_BY(mutex_);  // sorted by offset
};

}  // namespace reprieve::store
