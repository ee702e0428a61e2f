#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "base/buffer_pool.hpp"
#include "store/store.hpp"

namespace reprieve::service {

/// Where an upload's bytes come from: fills the span and returns how many bytes it has put there, fewer than
/// asked only at the end. What it throws ends the upload.
using ByteSource = std::function<std::size_t(std::span<std::byte>)>;

struct IngestOptions {
    std::string hash_algorithm = "sha512";                               ///< of the second digest; see Digest
    std::uint64_t size_cap = std::numeric_limits<std::uint64_t>::max();  ///< bytes
    std::optional<std::uint64_t> size;       ///< the declared length; more is refused, and so is less
    std::optional<std::string> disk_format;  ///< as declared
    bool is_bare = true;                     ///< container_format is "bare", or not said
    bool raw_accepts_any_format = false;     ///< see FormatInspector
};

struct IngestResult {
    std::uint64_t size = 0;  ///< bytes
    std::string md5;         ///< hexadecimal
    std::string hash_algorithm;
    std::string hash;                           ///< hexadecimal
    std::string format;                         ///< as found; empty where it was not looked into
    std::optional<std::uint64_t> virtual_size;  ///< bytes that a guest sees
};

/// Takes an upload's bytes from `source`, called on this thread, through at most 8 buffers of `pool` to
/// MD5, the second digest and `writer`, each on a thread of its own, and looks into the format on the way.
/// What fits into one buffer is done on this thread alone. The writer is not committed: that is for the
/// caller, once it agrees with the result. Waits at first while the pool has as many uploads as buffers.
/// Throws what source, writer and inspection throw, first come; too_large beyond the cap; disconnected where
/// the source ends before the declared length; bad_request for an unknown digest. Then all threads have
/// ended and all buffers are back.
IngestResult ingest(const ByteSource& source, store::Writer& writer, BufferPool& pool, const IngestOptions& options);

}  // namespace reprieve::service
