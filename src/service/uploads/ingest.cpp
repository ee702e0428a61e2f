#include "service/uploads/ingest.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/quantity.hpp"
#include "image/format_inspector.hpp"
#include "service/uploads/fan_out.hpp"

namespace reprieve::service {
namespace {

/// Maximum bytes read from the source at a time. Small, so that a bad header or a full store is noticed soon, even if
/// the client is slow.
constexpr std::size_t ingest_piece_bytes = 256 * 1024;

/// Reader of the source that counts the bytes, enforces the limits and inspects the format.
class Intake {
public:
    Intake(const ByteSource& source, const IngestOptions& options)
        : source_(source),
          options_(options),
          inspector_(options.disk_format, options.is_bare, options.raw_accepts_any_format) {
        if (options.size && *options.size > options.size_cap) throw_too_large();
        has_ended_ = options.size == 0U;
        if (has_ended_) refuse_more();
    }

    /// Fills `out` and returns the number of bytes, fewer only at the end. Calls `check`, which may throw, after each
    /// piece.
    template <typename Check>
    std::size_t fill(std::span<std::byte> out, const Check& check) {
        std::size_t filled = 0;
        while (filled < out.size() && !has_ended_) {
            filled += take(out.subspan(filled, std::min(ingest_piece_bytes, out.size() - filled)));
            check();
        }
        return filled;
    }

    bool has_ended() const { return has_ended_; }
    std::uint64_t size() const { return size_; }
    Inspection finish() { return inspector_.finish(); }

private:
    std::size_t take(std::span<std::byte> out) {
        // If no length was declared, ask for one byte more than size_cap allows, to notice that the image is too large.
        const std::uint64_t beyond = options_.size_cap - size_;
        const std::uint64_t wanted = options_.size ? *options_.size - size_ : beyond + (beyond < UINT64_MAX ? 1 : 0);
        if (wanted < out.size()) out = out.first(static_cast<std::size_t>(wanted));
        const std::size_t count = source_(out);
        size_ += count;
        if (size_ > options_.size_cap) throw_too_large();
        has_ended_ = count < out.size() || size_ == options_.size;
        if (has_ended_ && options_.size && size_ < *options_.size)
            throw Error(ErrorKind::disconnected, "the upload ended after " + std::to_string(size_) + " of " +
                                                     std::to_string(*options_.size) + " bytes: send it again");
        if (size_ == options_.size) refuse_more();
        inspector_.add(out.first(count));
        return count;
    }

    /// Throws bad_request if the source has more bytes: a body longer than announced is not the image that was meant.
    void refuse_more() const {
        std::byte more{};
        if (source_({&more, 1}) > 0)
            throw Error(ErrorKind::bad_request,
                        "the upload brings more than the announced " + std::to_string(*options_.size) + " bytes");
    }

    [[noreturn]] void throw_too_large() const {
        throw Error(ErrorKind::too_large, "the image is larger than " + approximate_size(options_.size_cap) +
                                              ", the most that this service takes (limits.image_size_cap)");
    }

    const ByteSource& source_;
    const IngestOptions& options_;
    FormatInspector inspector_;
    std::uint64_t size_ = 0;
    bool has_ended_ = false;
};

}  // namespace

IngestResult ingest(const ByteSource& source, store::Writer& writer, BufferPool& pool, const IngestOptions& options) {
    Intake intake(source, options);
    Digest md5("md5");
    Digest hash(options.hash_algorithm);
    BufferPool::Share share(pool);

    BufferPool::Buffer buffer = share.acquire();
    std::size_t filled = intake.fill(buffer.bytes(), [] {});
    Inspection inspection;
    if (intake.has_ended()) {
        // The whole image fits into one buffer, so it is inspected before a byte is written. Threads would cost more
        // than they save.
        inspection = intake.finish();
        const auto bytes = buffer.bytes().first(filled);
        md5.update(bytes);
        hash.update(bytes);
        writer.write(bytes);
    } else {
        FanOut fan_out({[&](std::span<const std::byte> bytes) { md5.update(bytes); },
                        [&](std::span<const std::byte> bytes) { hash.update(bytes); },
                        [&](std::span<const std::byte> bytes) { writer.write(bytes); }});
        while (filled > 0) {
            fan_out.publish(std::move(buffer), filled);
            fan_out.wait_for_room();
            buffer = share.acquire();
            filled = intake.fill(buffer.bytes(), [&] { fan_out.check(); });
        }
        inspection = intake.finish();
        fan_out.finish();
    }
    return {intake.size(), md5.finish(),      options.hash_algorithm,
            hash.finish(), inspection.format, inspection.virtual_size};
}

}  // namespace reprieve::service
