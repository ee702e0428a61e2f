#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace reprieve::http {

/// Part of a body: `length` bytes from `offset`. `length` is at least 1.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// Parses a Range header (RFC 9110, 14.1) for a body of `size` bytes. Returns nullopt if the header is empty. An end
/// beyond the body is cut to the body's end. Throws range_not_satisfiable if the range is malformed or selects no byte,
/// and bad_request for several ranges or a unit other than bytes.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

}  // namespace reprieve::http
