#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/wire/message.hpp"

namespace reprieve::http {

struct HeadLimits {
    std::size_t max_target_bytes;
    std::size_t max_header_bytes;  ///< all header lines together, without the request line
    std::size_t max_header_count;
};

/// The head of a request (RFC 9112, 2 to 6), with all that decides where its body ends.
struct RequestHead {
    std::string method;
    std::string path;   ///< still percent-encoded
    std::string query;  ///< still percent-encoded
    Fields headers;     ///< as in http::Request
    bool is_http_1_0 = false;
    bool keep_alive = true;  ///< what the client asks for
    bool expects_continue = false;
    bool is_chunked = false;
    std::optional<std::uint64_t> content_length;

    bool has_body() const { return is_chunked || content_length.value_or(0) > 0; }
};

/// The number of bytes up to and with the empty line that ends the head; 0 while it is not there yet.
/// `scanned` (0 at first) is where the line begins whose end the last call did not see: the lines before it are not
/// looked at twice.
/// Throws uri_too_long, headers_too_large, or bad_request for a line feed without its carriage return.
std::size_t find_head_end(std::string_view bytes, std::size_t& scanned, const HeadLimits& limits);

/// Reads what find_head_end delimited. Strict on purpose: whatever two readers could take in two ways is
/// refused. Throws bad_request, uri_too_long, headers_too_large or unsupported_media (Content-Encoding).
RequestHead parse_head(std::string_view head, const HeadLimits& limits);

}  // namespace reprieve::http
