#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.hpp"

namespace reprieve {

// These functions read the fields of a header. `offset` is in bytes from the start of the header. header_bytes(),
// big_endian() and little_endian() throw bad_request for a field beyond the end of the header, because the image is cut
// off.

inline std::span<const std::byte> header_bytes(std::span<const std::byte> header, std::size_t offset,
                                               std::size_t size) {
    if (offset > header.size() || header.size() - offset < size)
        throw Error(ErrorKind::bad_request, "the image is cut off in its header: upload the whole file");
    return header.subspan(offset, size);
}

template <typename Number>
Number big_endian(std::span<const std::byte> header, std::size_t offset) {
    std::uint64_t value = 0;
    for (const std::byte byte : header_bytes(header, offset, sizeof(Number)))
        value = (value << 8) | std::to_integer<std::uint64_t>(byte);
    return static_cast<Number>(value);
}

template <typename Number>
Number little_endian(std::span<const std::byte> header, std::size_t offset) {
    const auto bytes = header_bytes(header, offset, sizeof(Number));
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | std::to_integer<std::uint64_t>(bytes[i]);
    return static_cast<Number>(value);
}

/// Returns the bytes as characters.
inline std::string_view header_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool has_text_at(std::span<const std::byte> header, std::size_t offset, std::string_view text) {
    return header.size() >= offset && header_text(header.subspan(offset)).starts_with(text);
}

}  // namespace reprieve
