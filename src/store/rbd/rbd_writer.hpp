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

/// Writer of one image into a new RBD image. It gathers the bytes in spare buffers of the pool that all transfers
/// share, up to a whole RADOS object at a time, and has several such writes in flight. If no buffer is spare, it writes
/// directly from the caller's memory, one piece at a time. It skips blocks of zeros, because a new image reads as
/// zeros.
class RbdWriter final : public Writer {
public:
    /// Creates the RBD image. `size`: its length in bytes; nullopt if unknown, then it grows with the writes.
    /// `object_bytes`: size of its RADOS objects, a power of two. `owner`: stored in the image's metadata under
    /// owner_key, to mark the image as written by this driver. `use`: result of ImageUses::remove(), kept until the
    /// image is committed or removed again. `buffers` must outlive this.
    RbdWriter(std::shared_ptr<CephPool> pool, std::string name, std::optional<std::uint64_t> size,
              std::uint64_t object_bytes, const std::string& owner, BufferPool& buffers, std::shared_ptr<void> use);
    ~RbdWriter() override;

    void write(std::span<const std::byte> bytes) override;
    void commit() override;

private:
    class Flight;
    /// Bytes that are gathered for one write at `offset`.
    struct Gathered {
        std::uint64_t offset = 0;
        std::size_t size = 0;
        std::vector<BufferPool::Buffer> buffers;
    };

    void append(std::span<const std::byte> bytes);
    /// Ensures that the last gathered buffer has room. Returns false if no buffer is spare.
    bool make_room();
    /// Waits until fewer than `limit` writes are in flight. Throws if a write has failed.
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
    std::uint64_t image_size_ = 0;  // size of the RBD image in bytes
    std::uint64_t end_ = 0;         // offset after the bytes that were written or skipped
    Gathered gathered_;
    bool is_committed_ = false;
};

}  // namespace reprieve::store
