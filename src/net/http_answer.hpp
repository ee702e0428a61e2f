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

/// What a server answered.
struct HttpAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in the order of the answer
    std::string body;

    /// The first value of a header, whose name is given in lower case; empty where there is none.
    std::string_view header(std::string_view name) const;
};

/// Reads one answer (RFC 9112) from a connection that nothing has been read from since the request. Used once.
///
/// The server is not trusted: a head beyond 64 KiB or 128 fields, and framing that can be read in two ways, throw
/// unavailable.
class HttpAnswerReader {
public:
    HttpAnswerReader(Connection& connection, const Deadline& deadline) : connection_(connection), deadline_(deadline) {}

    /// The whole answer; a body beyond `max_body_bytes` throws unavailable. `has_body` is false for the answer to HEAD.
    HttpAnswer read(bool has_body, std::size_t max_body_bytes);

    /// The same in parts: the answer without its body, then the body as far as it has come.
    HttpAnswer begin(bool has_body);
    /// At least one byte of the body, or 0 at its end. Throws unavailable where it ends before its length.
    std::size_t read_some(std::span<char> out);
    /// The length that the head tells of the body; nothing where only the end will tell.
    std::optional<std::uint64_t> length() const { return length_; }

    /// From now on this one holds.
    void set_deadline(const Deadline& deadline) { deadline_ = deadline; }

    /// True once the server has sent anything at all.
    bool has_begun() const { return has_begun_; }

    /// True after an answer that leaves the connection fit for the next request.
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
    std::size_t at_ = 0;          ///< what of the buffer has been read
    std::size_t head_bytes_ = 0;  ///< of the lines read so far of the head, of a chunk's size, or of the trailers
    Framing framing_ = Framing::done;
    std::optional<std::uint64_t> length_;
    std::uint64_t left_ = 0;  ///< bytes of the body, or of the chunk, that are still to come
    bool has_begun_ = false;
    bool is_kept_ = false;  ///< the server keeps the connection behind the answer
};

}  // namespace reprieve::net
