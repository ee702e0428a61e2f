#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/buffer_pool.hpp"
#include "store/rbd/rbd_image.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Writes one image into a new RBD image. What comes is gathered in spare buffers of the pool that all transfers share,
/// up to a whole object at a time, and several such writes are on their way at once; without a spare buffer it writes
/// straight from where the bytes lie, one piece at a time. Blocks of zeros are left out: a new image reads as zeros.
class RbdWriter final : public Writer {
public:
    /// Creates the RBD image, with `size` where that is known; else it grows as bytes come. `owner` is written beside
    /// it, so that the store knows its own. `use` is kept until it is committed, or gone again.
    RbdWriter(std::shared_ptr<CephPool> pool, std::string name, std::optional<std::uint64_t> size,
              std::uint64_t object_bytes, const std::string& owner, BufferPool& buffers, std::shared_ptr<void> use);
    ~RbdWriter() override;

    void write(std::span<const std::byte> bytes) override;
    void commit() override;

private:
    class Flight;
    struct Gathered {
        std::uint64_t offset = 0;
        std::size_t size = 0;
        std::vector<BufferPool::Buffer> buffers;
    };

    void append(std::span<const std::byte> bytes);
    /// True where the last gathered buffer has room; false where there is no buffer to be had.
    bool make_room();
    void wait_below(std::size_t limit);
    void grow_to(std::uint64_t end);
    void send_gathered();
    void write_through(std::span<const std::byte> bytes);
    void discard() noexcept;

    std::shared_ptr<CephPool> pool_;
    std::shared_ptr<void> use_;
    const std::string name_;
    const std::uint64_t object_bytes_;
    BufferPool& buffers_;
    std::shared_ptr<Flight> flight_;
    std::unique_ptr<RbdImage> image_;
    bool has_known_size_;
    std::uint64_t image_size_ = 0;  // of the RBD image
    std::uint64_t end_ = 0;         // of what was written or left out
    Gathered gathered_;
    bool is_committed_ = false;
};

}  // namespace reprieve::store
