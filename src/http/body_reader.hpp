#pragma once

#include <cstdint>
#include <optional>

#include "http/connections/byte_channel.hpp"
#include "http/connections/input_buffer.hpp"
#include "http/wire/message.hpp"
#include "http/wire/request_head.hpp"

namespace reprieve::http {

/// The body of one request: first what was received with the head, then straight from the channel into
/// the caller's memory. What follows the body stays in the buffer.
///
/// A chunked body (RFC 9112, 7.1) is a sequence of "SIZE[;extensions] CR LF data CR LF" that a size of 0
/// ends, followed by trailers and an empty line. Extensions and trailers are bounded and dropped.
class BodyReader final : public Body {
public:
    BodyReader(const RequestHead& head, InputBuffer& buffer, ByteChannel& channel);

    std::optional<std::uint64_t> length() const override { return length_; }
    std::size_t read(std::span<std::byte> out) override;
    void start_deadline() override { channel_.start_deadline(); }
    std::function<void()> interrupter() override { return channel_.interrupter(); }

    /// Bytes that are still to come and that the client sends in any case: they can be skipped. Nothing
    /// where their number is unknown, or where the client waits for a go-ahead.
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
    std::uint64_t left_ = 0;  ///< of the body, or of the chunk
};

}  // namespace reprieve::http
