#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace reprieve::http {

/// A part of a body: `length` bytes from `offset`; never empty.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// Reads a Range header (RFC 9110, 14.1) for a body of `size` bytes. Nothing where the header is empty.
/// An end beyond the body is cut to it. Throws range_not_satisfiable where no byte of it exists or it is malformed,
/// bad_request for several ranges or a unit that is not bytes.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

}  // namespace reprieve::http
