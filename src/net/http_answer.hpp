#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/connection.hpp"

namespace reprieve::net {

/// Answer of an HTTP server.
struct HttpAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in the order of the answer
    std::string body;

    /// Returns the value of the first header with this name; empty if there is none. Requires: `name` is in lower case.
    std::string_view header(std::string_view name) const;
};

/// Reader of one answer (RFC 9112). Requires: since the request was sent, nothing has been read from the connection.
/// Use a new reader for each answer.
///
/// The server is not trusted. All functions that read throw unavailable for a head of more than 64 KiB or 128 fields,
/// for a malformed head, and if the headers do not say clearly where the body ends.
class HttpAnswerReader {
public:
    /// `connection` must outlive the reader.
    HttpAnswerReader(Connection& connection, const Deadline& deadline) : connection_(connection), deadline_(deadline) {}

    /// Reads the whole answer. Throws unavailable if the body is larger than `max_body_bytes`. `has_body` must be false
    /// if the request was HEAD, and true otherwise.
    HttpAnswer read(bool has_body, std::size_t max_body_bytes);

    /// Reads the head of the answer and returns an answer without body. Use it instead of read() to get the body in
    /// parts: call read_some() afterwards. `has_body` is as for read(). Skips up to 8 interim answers (status 1xx).
    HttpAnswer begin(bool has_body);
    /// Blocks until at least one byte of the body arrives, and returns the number of bytes written to `out`; 0 at the
    /// end of the body. Throws unavailable if the connection ends before the body is complete. Requires: `out` is not
    /// empty.
    std::size_t read_some(std::span<char> out);
    /// Returns the length of the body in bytes according to the head; nullopt if the head does not tell the length.
    /// Requires: begin() or read() was called.
    std::optional<std::uint64_t> length() const { return length_; }

    /// Replaces the deadline for all reads from now on.
    void set_deadline(const Deadline& deadline) { deadline_ = deadline; }

    /// Returns true once at least one byte of the answer has arrived.
    bool has_begun() const { return has_begun_; }

    /// Returns true if the answer was read to its end and the connection can be used for another request.
    bool is_reusable() const { return framing_ == Framing::done && is_kept_ && at_ == buffer_.size(); }

private:
    enum class Framing { done, by_length, by_chunks, by_end };

    bool fill();
    std::string_view read_line();
    HttpAnswer read_head();
    void choose_framing(const HttpAnswer& answer);
    void begin_chunk();
    void end_chunk();
    std::size_t take(std::span<char> out);

    Connection& connection_;
    Deadline deadline_;
    std::string buffer_;
    std::size_t at_ = 0;          ///< number of bytes at the start of buffer_ that have been read
    std::size_t head_bytes_ = 0;  ///< bytes of the lines read so far: of the heads, or of one chunk's size and trailers
    Framing framing_ = Framing::done;
    std::optional<std::uint64_t> length_;
    std::uint64_t left_ = 0;  ///< number of unread bytes of the body, or of the current chunk
    bool has_begun_ = false;
    bool is_kept_ = false;  ///< the server keeps the connection open after the answer
};

}  // namespace reprieve::net
