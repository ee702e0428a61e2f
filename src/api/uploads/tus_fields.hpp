#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/wire/message.hpp"
#include "service/uploads/staged_chunk.hpp"

namespace reprieve::api {

// The header fields of tus 1.0.0 (https://tus.io/protocols/resumable-upload), as a client sends them.

/// The longest Upload-Metadata that is taken: it is kept, and sent back.
constexpr std::size_t max_upload_metadata_bytes = 4096;

/// The number of bytes that a field gives (name in lower case); nothing where it is not there. Throws bad_request for
/// anything but digits, and for more than 2^63 - 1.
std::optional<std::uint64_t> bytes_field(const http::Request& request, std::string_view name);

/// What Upload-Metadata says: keys, and values decoded. Throws bad_request where it is longer than allowed, a key is
/// empty, not ASCII or there twice, or a value is no base64.
std::map<std::string, std::string> parse_upload_metadata(std::string_view text);

/// What Upload-Checksum says; nothing where it is not there. Throws bad_request for an algorithm that
/// Tus-Checksum-Algorithm does not name, and for a digest that is none.
std::optional<service::Checksum> parse_upload_checksum(std::string_view text);

/// True for the media type of bytes of an upload, whatever its parameters.
bool is_offset_stream(const http::Request& request);

}  // namespace reprieve::api
