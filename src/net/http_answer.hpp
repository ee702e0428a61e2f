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

/// Answer of a server.
struct HttpAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in the order of the answer
    std::string body;

    /// Returns the first value of a header; empty if there is none. Requires: `name` is in lower case.
    std::string_view header(std::string_view name) const;
};

/// Reader of one answer (RFC 9112). Requires: since the request was sent, nothing has been read from the connection.
/// Use a new reader for each answer.
///
/// The server is not trusted. A head beyond 64 KiB or 128 fields throws unavailable, and so does ambiguous framing.
class HttpAnswerReader {
public:
    /// `connection` must outlive the reader.
    HttpAnswerReader(Connection& connection, const Deadline& deadline) : connection_(connection), deadline_(deadline) {}

    /// Reads the whole answer. Throws unavailable if the body is larger than `max_body_bytes`. `has_body` must be false
    /// for the answer to HEAD.
    HttpAnswer read(bool has_body, std::size_t max_body_bytes);

    /// Reads the answer without its body, as an alternative to read(). Call read_some() afterwards for the body. Skips
    /// up to 8 interim answers (status 1xx).
    HttpAnswer begin(bool has_body);
    /// Blocks until at least one byte of the body arrives, and returns the number of bytes; 0 at the end of the body.
    /// Throws unavailable if the body ends before its length. Requires: `out` is not empty.
    std::size_t read_some(std::span<char> out);
    /// Returns the length of the body in bytes according to the head; nullopt if only the end of the body will tell.
    std::optional<std::uint64_t> length() const { return length_; }

    /// Replaces the deadline.
    void set_deadline(const Deadline& deadline) { deadline_ = deadline; }

    /// Returns true once the server has sent at least one byte.
    bool has_begun() const { return has_begun_; }

    /// Returns true if the answer was read to its end and the connection can be used for the next request.
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
    std::size_t at_ = 0;          ///< bytes of the buffer that have been read
    std::size_t head_bytes_ = 0;  ///< size of the lines read so far: of the head, or of a chunk's size and the trailers
    Framing framing_ = Framing::done;
    std::optional<std::uint64_t> length_;
    std::uint64_t left_ = 0;  ///< unread bytes of the body, or of the current chunk
    bool has_begun_ = false;
    bool is_kept_ = false;  ///< the server keeps the connection after the answer
};

}  // namespace reprieve::net
