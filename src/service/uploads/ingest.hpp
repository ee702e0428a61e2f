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

/// Function that supplies an upload's bytes. Fills the span and returns the number of bytes, fewer than the span holds
/// only at the end of the upload. An exception ends the upload.
using ByteSource = std::function<std::size_t(std::span<std::byte>)>;

struct IngestOptions {
    std::string hash_algorithm = "sha512";                               ///< name of the digest besides MD5; see Digest
    std::uint64_t size_cap = std::numeric_limits<std::uint64_t>::max();  ///< maximum size in bytes
    std::optional<std::uint64_t> size;       ///< declared length; more bytes, or fewer, are refused
    std::optional<std::string> disk_format;  ///< format that the client declared
    bool is_bare = true;                     ///< true if container_format is "bare" or not set
    bool raw_accepts_any_format = false;     ///< see FormatInspector
};

struct IngestResult {
    std::uint64_t size = 0;  ///< size of the image in bytes
    std::string md5;         ///< hexadecimal
    std::string hash_algorithm;
    std::string hash;                           ///< hexadecimal
    std::string format;                         ///< format that was found; empty if none was looked for
    std::optional<std::uint64_t> virtual_size;  ///< size in bytes of the disk that a guest sees
};

/// Reads an upload from `source` and hands the bytes to MD5, the digest hash_algorithm and `writer`, each on a thread
/// of its own. Inspects the format on the way. Calls `source` on the calling thread, and uses at most 8 buffers of
/// `pool`. Processes an upload that fits into one buffer on the calling thread alone. Does not commit the writer: the
/// caller must do that if it agrees with the result. Blocks until the pool can lend this upload a buffer.
///
/// Throws the first error of source, writer or inspection; too_large if the source has more than size_cap bytes;
/// disconnected if it ends before the declared length; bad_request if it has more bytes than declared, and for an
/// unknown digest. When an error is thrown, all threads have ended and all buffers are back in the pool.
IngestResult ingest(const ByteSource& source, store::Writer& writer, BufferPool& pool, const IngestOptions& options);

}  // namespace reprieve::service
