#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/digest.hpp"
#include "service/uploads/ingest.hpp"
#include "store/file/staging_folder.hpp"

namespace reprieve::service {

/// Checksum that a client sends for its bytes.
struct Checksum {
    std::string algorithm;  ///< a name that Digest accepts
    std::string digest;     ///< hexadecimal digits in lower case
};

/// Bytes of one request on their way into the file of a resumable upload. Only one thread may use it.
class StagedChunk {
public:
    /// Prepares to write from `offset` on. `limit`: offset in the file at which writing must stop. `reservation`: space
    /// that is reserved for the upload. Throws bad_request for an unknown algorithm.
    StagedChunk(store::StagedFile& file, store::SpaceLedger::Reservation& reservation, std::uint64_t offset,
                std::uint64_t limit, const std::optional<Checksum>& checksum);

    /// Reads the source to its end, through `buffer`, and writes the bytes to the file. Calls `between` after each full
    /// buffer. Returns false if the source has more bytes than fit below the limit. Throws the errors of `source` and
    /// `between`, and storage_full; the bytes written before stay in the file.
    bool take(const ByteSource& source, std::span<std::byte> buffer, const std::function<void()>& between);

    /// Returns the offset after the last byte that was written.
    std::uint64_t end() const { return end_; }

    /// Tells whether the bytes match the checksum; true if there is none. Call once, after take().
    bool is_right();

    /// Removes the bytes of this request from the file again. Only logs a failure.
    void discard() noexcept;

private:
    void write(std::span<const std::byte> bytes);

    store::StagedFile& file_;
    store::SpaceLedger::Reservation& reservation_;
    const std::uint64_t begin_;
    const std::uint64_t limit_;
    std::optional<Digest> digest_;
    std::string expected_;
    std::uint64_t end_;
};

}  // namespace reprieve::service
