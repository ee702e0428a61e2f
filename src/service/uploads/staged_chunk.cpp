#include "service/uploads/staged_chunk.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"

namespace reprieve::service {

StagedChunk::StagedChunk(store::StagedFile& file, store::SpaceLedger::Reservation& reservation, std::uint64_t offset,
                         std::uint64_t limit, const std::optional<Checksum>& checksum)
    : file_(file), reservation_(reservation), begin_(offset), limit_(limit), end_(offset) {
    if (!checksum) return;
    digest_.emplace(checksum->algorithm);
    expected_ = checksum->digest;
}

bool StagedChunk::take(const ByteSource& source, std::span<std::byte> buffer, const std::function<void()>& between) {
    while (end_ < limit_) {
        const auto out = buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), limit_ - end_)));
        const std::size_t count = source(out);
        write(out.first(count));
        if (count < out.size()) return true;
        between();
    }
    std::byte more{};
    return source({&more, 1}) == 0;
}

void StagedChunk::write(std::span<const std::byte> bytes) {
    if (digest_) digest_->update(bytes);
    reservation_.cover(bytes.size());
    file_.write(end_, bytes);
    reservation_.settle(bytes.size());
    end_ += bytes.size();
}

bool StagedChunk::is_right() { return !digest_ || digest_->finish() == expected_; }

void StagedChunk::discard() noexcept {
    try {
        file_.truncate(begin_);
        reservation_.add(end_ - begin_);
    } catch (const std::exception& error) {
        // Harmless: the file may stay too long, and the space is reserved again when the bytes are sent again.
        log_warning("upload.not_discarded", error.what(), {});
    }
    end_ = begin_;
}

}  // namespace reprieve::service
