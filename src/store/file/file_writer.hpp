#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/file.hpp"
#include "store/space_ledger.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Open folders of a file store. They must outlive the writers of the store.
struct StoreFolders {
    FileDescriptor images;   ///< finished images, named by their id
    FileDescriptor partial;  ///< running uploads; a subfolder of `images`
};

/// Writer of one image. It writes to a new temporary file, past the page cache (O_DIRECT) if the file system supports
/// that, and leaves holes for blocks of zeros. commit() syncs the file, renames it into the folder of the images, and
/// syncs that folder.
class FileWriter final : public Writer {
public:
    /// `folders` and `ledger` must outlive this. `size`: declared length in bytes, which is reserved; nullopt if
    /// unknown. Throws storage_full, unavailable (too many open files), internal.
    FileWriter(const StoreFolders& folders, SpaceLedger& ledger, std::string image_id,
               std::optional<std::uint64_t> size);
    ~FileWriter() override;
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    void write(std::span<const std::byte> bytes) override;
    void commit() override;

private:
    /// Buffer in aligned memory for bytes that do not fill whole blocks yet.
    struct Gathered {
        static constexpr std::size_t capacity = 64 * 1024;
        alignas(4096) std::byte bytes[capacity];
    };

    void gather(std::span<const std::byte> bytes);
    void flush_gathered();
    void write_blocks(std::span<const std::byte> blocks);
    void write_all(std::span<const std::byte> blocks, std::uint64_t offset);
    bool leave_direct();
    void discard() noexcept;

    const StoreFolders& folders_;
    std::string image_id_;
    std::string partial_name_;
    SpaceLedger::Reservation reservation_;  // destroyed after file_, because only its close frees the space
    FileDescriptor file_;
    bool direct_ = false;
    bool exists_ = false;             // the temporary file still exists
    std::uint64_t blocks_end_ = 0;    // offset at which the next whole block is written
    std::unique_ptr<Gathered> tail_;  // bytes after blocks_end_; null until needed
    std::size_t tail_size_ = 0;
};

}  // namespace reprieve::store
