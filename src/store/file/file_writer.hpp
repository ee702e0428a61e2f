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

/// The folders that a file store works below. The descriptors outlive its writers.
struct StoreFolders {
    FileDescriptor images;   ///< finished images, named by their id
    FileDescriptor partial;  ///< uploads that run, below `images`
};

/// Writes one image: an exclusive temporary file, past the page cache where the file system can, with
/// blocks of zeros left out; at commit fsync, rename, fsync of the folder.
class FileWriter final : public Writer {
public:
    FileWriter(const StoreFolders& folders, SpaceLedger& ledger, std::string image_id,
               std::optional<std::uint64_t> size);
    ~FileWriter() override;
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    void write(std::span<const std::byte> bytes) override;
    void commit() override;

private:
    /// Bytes in aligned memory that wait until there are enough for whole blocks.
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
    SpaceLedger::Reservation reservation_;  // after the file is closed: then its space is free again
    FileDescriptor file_;
    bool direct_ = false;
    bool exists_ = false;             // the temporary file
    std::uint64_t blocks_end_ = 0;    // where the next whole block goes
    std::unique_ptr<Gathered> tail_;  // what comes after blocks_end_
    std::size_t tail_size_ = 0;
};

}  // namespace reprieve::store
