#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/buffer_pool.hpp"
#include "store/rbd/rbd_image.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Reads an image at its snapshot. Holes are not asked for. Whoever reads on where the last read ended is read ahead
/// for, by several reads at once, into spare buffers of the pool that all transfers share.
class RbdReader final : public Reader {
public:
    /// `use` is kept as long as this. Throws not_found where the image is missing.
    RbdReader(std::shared_ptr<CephPool> pool, const std::string& name, BufferPool& buffers, std::shared_ptr<void> use);

    std::uint64_t size() const override { return size_; }
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) override;

    /// Bytes in objects that may hold data.
    std::uint64_t allocated() const;

private:
    class Ahead;

    /// How far from `offset` on the image is all hole, or all data; at most `most`.
    struct Run {
        std::uint64_t length;
        bool is_hole;
    };
    Run run_at(std::uint64_t offset, std::uint64_t most) const;
    std::size_t read_data(std::uint64_t offset, std::span<std::byte> out);
    void read_ahead(std::uint64_t offset);

    const std::shared_ptr<void> use_;
    std::unique_ptr<RbdImage> image_;
    BufferPool& buffers_;
    std::uint64_t size_ = 0;
    std::vector<RbdImage::Extent> extents_;
    std::mutex mutex_;
    std::uint64_t expected_ = 0;                // where a read that goes on begins; with mutex_, as the next
    std::deque<std::shared_ptr<Ahead>> ahead_;  // by offset
};

}  // namespace reprieve::store
