#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "store/space_ledger.hpp"

namespace reprieve::store {

/// The bytes of one resumable upload so far. Used by one thread at a time.
class StagedFile {
public:
    explicit StagedFile(FileDescriptor file) : file_(std::move(file)) {}

    /// Bytes that are in it, durable or not.
    std::uint64_t size() const;

    /// Throws storage_full, internal.
    void write(std::uint64_t offset, std::span<const std::byte> bytes);

    /// Fills `out` from `offset`; fewer than asked only at the end.
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) const;

    /// Makes all that was written survive a power cut. Once it has failed it fails again: what was lost then would not
    /// be told of a second time.
    void sync();

    /// Cuts off what is behind `size`.
    void truncate(std::uint64_t size);

private:
    FileDescriptor file_;
    int sync_error_ = 0;  ///< errno of the first that failed
};

/// Where the bytes of resumable uploads wait until they are whole: a file each, `<folder>/<id of the upload>`, for the
/// owner of the process alone. Any thread may call.
class StagingFolder {
public:
    /// Creates the folder where it is missing. `reserve_bytes` of the file system stay free. `promises`: shared with
    /// the stores of the file system. Throws internal, with the path and the reason.
    StagingFolder(const std::string& folder, std::uint64_t reserve_bytes,
                  std::shared_ptr<Promises> promises = std::make_shared<Promises>());

    /// Space for the bytes of an upload. It must not outlive this.
    std::unique_ptr<SpaceLedger::Reservation> reserve(std::uint64_t bytes);

    /// Makes an empty file, durably. `id` is a canonical UUID, here and below. Throws storage_full, internal.
    void create(const std::string& id);

    /// Throws not_found where there is none.
    StagedFile open(const std::string& id) const;

    /// Does nothing where there is none; a power cut can bring it back, for the next start to remove.
    void remove(const std::string& id);

    /// The ids of all that there are.
    std::vector<std::string> ids() const;

private:
    FileDescriptor folder_;
    SpaceLedger ledger_;
};

}  // namespace reprieve::store
