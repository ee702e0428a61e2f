#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/wire/message.hpp"

namespace reprieve::http {

/// Limits for the head of a request.
struct HeadLimits {
    std::size_t max_target_bytes;  ///< target in the request line
    std::size_t max_header_bytes;  ///< all header lines together, without the request line
    std::size_t max_header_count;
};

/// Head of a request (RFC 9112, 2 to 6), including all facts that decide where the body ends.
struct RequestHead {
    std::string method;
    std::string path;   ///< still percent-encoded
    std::string query;  ///< still percent-encoded, without the '?'
    Fields headers;     ///< names in lower case, values without outer white space
    bool is_http_1_0 = false;
    bool keep_alive = true;         ///< the client wants to keep the connection
    bool expects_continue = false;  ///< the client waits for "100 Continue" before it sends the body
    bool is_chunked = false;
    std::optional<std::uint64_t> content_length;

    bool has_body() const { return is_chunked || content_length.value_or(0) > 0; }
};

/// Returns the size of the head in bytes, including the empty line that ends it; 0 if the head is incomplete.
/// `scanned` must be 0 for the first call. It is set to the start of the first incomplete line, so that the next call
/// with more bytes of the same head does not scan the lines before it again.
/// Throws uri_too_long, headers_too_large, or bad_request for a line feed without a carriage return.
std::size_t find_head_end(std::string_view bytes, std::size_t& scanned, const HeadLimits& limits);

/// Parses a head. Requires: `head` is complete, as measured by find_head_end(). The parser is strict: it refuses
/// everything that two parsers could understand in two ways. Throws bad_request, uri_too_long, headers_too_large or
/// unsupported_media (Content-Encoding).
RequestHead parse_head(std::string_view head, const HeadLimits& limits);

}  // namespace reprieve::http
