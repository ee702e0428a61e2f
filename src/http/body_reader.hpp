#pragma once

#include <cstdint>
#include <optional>

#include "http/connections/byte_channel.hpp"
#include "http/connections/input_buffer.hpp"
#include "http/wire/message.hpp"
#include "http/wire/request_head.hpp"

namespace reprieve::http {

/// Body of one request. It first delivers the bytes that arrived together with the head, then reads from the connection
/// straight into the caller's memory. Bytes after the body stay in the input buffer, for the next request.
///
/// A chunked body (RFC 9112, 7.1) is a sequence of "SIZE[;extensions] CR LF data CR LF". A chunk of size 0 ends it,
/// followed by trailers and an empty line. Extensions and trailers are limited in size and ignored.
class BodyReader final : public Body {
public:
    /// `buffer` and `channel` must outlive the reader; `head` is not kept.
    BodyReader(const RequestHead& head, InputBuffer& buffer, ByteChannel& channel);

    std::optional<std::uint64_t> length() const override { return length_; }
    std::size_t read(std::span<std::byte> out) override;
    void start_deadline() override { channel_.start_deadline(); }
    std::function<void()> interrupter() override { return channel_.interrupter(); }

    /// Returns the number of unread bytes of the body, so that the caller can skip them. Returns nullopt if the number
    /// is unknown (a chunked body before its end, or a broken one), or if the client still waits for "100 Continue" and
    /// so may not send the body.
    std::optional<std::uint64_t> skippable() const;

private:
    enum class State { data, chunk_size, chunk_end, trailer, done, broken };

    std::size_t read_some(std::span<std::byte> out);
    void read_chunk_size();
    void read_trailers();
    std::string read_line(std::size_t limit);
    void send_continue();

    InputBuffer& buffer_;
    ByteChannel& channel_;
    std::optional<std::uint64_t> length_;
    bool is_chunked_;
    bool continue_wanted_;
    State state_;
    std::uint64_t left_ = 0;  ///< unread bytes of the body, or of the current chunk
};

}  // namespace reprieve::http
