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

/// File with the bytes of one resumable upload so far. Only one thread at a time may use it.
class StagedFile {
public:
    explicit StagedFile(FileDescriptor file) : file_(std::move(file)) {}

    /// Returns the length in bytes, including bytes that are not durable yet. Throws internal.
    std::uint64_t size() const;

    /// Writes all bytes at `offset`. Throws storage_full, internal.
    void write(std::uint64_t offset, std::span<const std::byte> bytes);

    /// Fills `out` with the bytes from `offset` on. Returns the bytes read: fewer than the size of `out` only at the
    /// end of the file. Throws internal.
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) const;

    /// Makes all that was written durable. Throws storage_full, internal. After a failure every later call fails, too,
    /// because the kernel reports lost bytes only once.
    void sync();

    /// Removes the bytes after the first `size` bytes. Throws storage_full, internal.
    void truncate(std::uint64_t size);

private:
    FileDescriptor file_;
    int sync_error_ = 0;  ///< errno of the first failed sync; 0 if none has failed
};

/// Folder for the bytes of resumable uploads until they are complete. Each upload has one file, `<folder>/<upload id>`,
/// that only the owner of the process can read. Any thread may call.
class StagingFolder {
public:
    /// Creates the folder if it is missing. `reserve_bytes`: free bytes of the file system that uploads never use.
    /// `promises`: the bytes of the file system that are reserved for uploads; all stores on this file system share the
    /// object. Throws internal, with the path and the reason.
    StagingFolder(const std::string& folder, std::uint64_t reserve_bytes,
                  std::shared_ptr<Promises> promises = std::make_shared<Promises>());

    /// Reserves space for the bytes of an upload. The result must not outlive this object. Throws storage_full.
    std::unique_ptr<SpaceLedger::Reservation> reserve(std::uint64_t bytes);

    /// Creates the empty file of an upload, durably. In all functions `id` is the id of the upload, a canonical UUID.
    /// Throws storage_full, internal.
    void create(const std::string& id);

    /// Opens the file of an upload. Throws not_found if there is none, unavailable if too many files are open.
    StagedFile open(const std::string& id) const;

    /// Deletes the file of an upload, if there is one. A power cut can bring the file back; then the next start of the
    /// appliance removes it. Throws internal.
    void remove(const std::string& id);

    /// Returns the ids of all uploads that have a file.
    std::vector<std::string> ids() const;

private:
    FileDescriptor folder_;
    SpaceLedger ledger_;
};

}  // namespace reprieve::store
