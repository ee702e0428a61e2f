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

/// What a client says that its bytes are.
struct Checksum {
    std::string algorithm;  ///< as Digest takes it
    std::string digest;     ///< hexadecimal digits in lower case
};

/// The bytes of one request on their way into the file of a resumable upload. Used by one thread.
class StagedChunk {
public:
    /// Writes from `offset` on, and never beyond `limit`. `reservation`: the space of the upload. Throws bad_request
    /// for an unknown algorithm.
    StagedChunk(store::StagedFile& file, store::SpaceLedger::Reservation& reservation, std::uint64_t offset,
                std::uint64_t limit, const std::optional<Checksum>& checksum);

    /// Takes the source to its end, through `buffer`; calls `between` between two pieces. False where the source has
    /// more than fits. Throws what source and `between` throw, and storage_full; what came before is in the file then.
    bool take(const ByteSource& source, std::span<std::byte> buffer, const std::function<void()>& between);

    /// The offset behind the last byte that is in the file.
    std::uint64_t end() const { return end_; }

    /// After take(): false where the bytes are others than the checksum says.
    bool is_right();

    /// Takes the bytes out of the file again.
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
