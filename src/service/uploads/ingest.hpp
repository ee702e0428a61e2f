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

/// Source of an upload's bytes. Fills the span and returns the number of bytes written, fewer than asked only at the
/// end. An exception ends the upload.
using ByteSource = std::function<std::size_t(std::span<std::byte>)>;

struct IngestOptions {
    std::string hash_algorithm = "sha512";                               ///< of the second digest; see Digest
    std::uint64_t size_cap = std::numeric_limits<std::uint64_t>::max();  ///< bytes
    std::optional<std::uint64_t> size;       ///< declared length; more bytes, or fewer, are refused
    std::optional<std::string> disk_format;  ///< as declared
    bool is_bare = true;                     ///< container_format is "bare" or not set
    bool raw_accepts_any_format = false;     ///< see FormatInspector
};

struct IngestResult {
    std::uint64_t size = 0;  ///< bytes
    std::string md5;         ///< hexadecimal
    std::string hash_algorithm;
    std::string hash;                           ///< hexadecimal
    std::string format;                         ///< as found; empty if it was not inspected
    std::optional<std::uint64_t> virtual_size;  ///< bytes that a guest sees
};

/// Reads an upload from `source` and hands the bytes to MD5, the second digest and `writer`, each on a thread of its
/// own. Inspects the format on the way. Calls `source` on the calling thread, and uses at most 8 buffers of `pool`.
/// Processes an upload that fits into one buffer on the calling thread alone. Does not commit the writer: the caller
/// does, if it agrees with the result. Blocks until the pool can lend this upload a buffer.
///
/// Throws the first error of source, writer or inspection; too_large beyond the cap; disconnected if the source ends
/// before the declared length; bad_request if it has more bytes, and for an unknown digest. All threads have ended and
/// all buffers are returned then.
IngestResult ingest(const ByteSource& source, store::Writer& writer, BufferPool& pool, const IngestOptions& options);

}  // namespace reprieve::service
