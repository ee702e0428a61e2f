#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/wire/message.hpp"
#include "service/uploads/staged_chunk.hpp"

namespace reprieve::api {

// Parsers of the header fields that clients of tus 1.0.0 send (https://tus.io/protocols/resumable-upload).

/// Maximum length of Upload-Metadata in bytes. There is a limit because the field is stored and sent back.
constexpr std::size_t max_upload_metadata_bytes = 4096;

/// Returns the number of bytes in the field `name` (in lower case); nullopt if the field is missing. Throws bad_request
/// for anything but digits, and for more than 2^63 - 1.
std::optional<std::uint64_t> bytes_field(const http::Request& request, std::string_view name);

/// Returns the keys of Upload-Metadata and their decoded values. Throws bad_request if the text is too long, if a key
/// is empty, not printable ASCII or repeated, or if a value is not base64.
std::map<std::string, std::string> parse_upload_metadata(std::string_view text);

/// Returns the checksum in Upload-Checksum; nullopt if `text` is empty. Throws bad_request for an algorithm other than
/// sha1 and sha256, and for a malformed digest.
std::optional<service::Checksum> parse_upload_checksum(std::string_view text);

/// Returns true if the Content-Type is application/offset+octet-stream, with any parameters.
bool is_offset_stream(const http::Request& request);

}  // namespace reprieve::api
