#include "http/body_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.hpp"

namespace reprieve::http {
namespace {

constexpr std::size_t max_chunk_line_bytes = 256;
constexpr std::size_t max_trailer_line_bytes = 4096;
constexpr std::size_t max_trailer_lines = 32;
constexpr std::size_t max_size_digits = 15;

[[noreturn]] void malformed_body(const char* why) { throw Error(ErrorKind::bad_request, why); }
[[noreturn]] void ended_early() {
    throw Error(ErrorKind::disconnected, "The client closed the connection before the end of the request's body.");
}

std::uint64_t parse_chunk_size(std::string_view line) {
    const std::string_view digits = line.substr(0, line.find_first_of("; \t"));
    if (digits.empty() || digits.size() > max_size_digits ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        malformed_body("The size of a chunk of the body is malformed.");
    const std::string_view rest = line.substr(digits.size());
    const auto next = rest.find_first_not_of(" \t");
    if (next != std::string_view::npos && rest[next] != ';')
        malformed_body("The size of a chunk of the body is malformed.");
    std::uint64_t size = 0;
    for (const char c : digits) size = size * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    return size;
}

}  // namespace

BodyReader::BodyReader(const RequestHead& head, InputBuffer& buffer, ByteChannel& channel)
    : buffer_(buffer),
      channel_(channel),
      length_(head.content_length),
      is_chunked_(head.is_chunked),
      continue_wanted_(head.expects_continue && head.has_body()),
      state_(head.is_chunked   ? State::chunk_size
             : head.has_body() ? State::data
                               : State::done),
      left_(head.content_length.value_or(0)) {
    // A request with neither a length nor chunks has no body (RFC 9112, 6.3).
    if (!is_chunked_ && !length_) length_ = 0;
}

std::optional<std::uint64_t> BodyReader::skippable() const {
    if (state_ == State::done) return 0;
    if (is_chunked_ || state_ == State::broken || continue_wanted_) return std::nullopt;
    return left_;
}

std::size_t BodyReader::read(std::span<std::byte> out) {
    if (state_ == State::broken) ended_early();
    try {
        if (state_ != State::done && !out.empty()) send_continue();
        std::size_t filled = 0;
        while (filled < out.size() && state_ != State::done) filled += read_some(out.subspan(filled));
        return filled;
    } catch (...) {
        state_ = State::broken;
        throw;
    }
}

std::size_t BodyReader::read_some(std::span<std::byte> out) {
    switch (state_) {
        case State::chunk_size:
            read_chunk_size();
            return 0;
        case State::chunk_end:
            if (!read_line(0).empty()) malformed_body("A chunk of the body is longer than its size.");
            state_ = State::chunk_size;
            return 0;
        case State::trailer:
            read_trailers();
            return 0;
        case State::data:
            break;
        case State::done:
        case State::broken:
            return 0;
    }
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    std::size_t count = 0;
    if (const std::string_view ready = buffer_.view(); !ready.empty()) {
        count = std::min(wanted, ready.size());
        std::memcpy(out.data(), ready.data(), count);
        buffer_.consume(count);
    } else {
        count = channel_.receive(out.first(wanted));
        if (count == 0) ended_early();
    }
    left_ -= count;
    if (left_ == 0) state_ = is_chunked_ ? State::chunk_end : State::done;
    return count;
}

void BodyReader::read_chunk_size() {
    left_ = parse_chunk_size(read_line(max_chunk_line_bytes));
    state_ = left_ == 0 ? State::trailer : State::data;
}

void BodyReader::read_trailers() {
    for (std::size_t lines = 0; lines < max_trailer_lines; ++lines) {
        if (read_line(max_trailer_line_bytes).empty()) {
            state_ = State::done;
            return;
        }
    }
    malformed_body("The body has too many trailers.");
}

/// Returns the next line without its CR LF. Throws bad_request if the line is longer than `limit` bytes.
std::string BodyReader::read_line(std::size_t limit) {
    std::array<std::byte, 4096> more;
    while (true) {
        const std::string_view ready = buffer_.view();
        const auto end = ready.substr(0, limit + 2).find('\n');
        if (end != std::string_view::npos) {
            if (end == 0 || ready[end - 1] != '\r')
                malformed_body("A line between the chunks of the body is malformed.");
            std::string line(ready.substr(0, end - 1));
            buffer_.consume(end + 1);
            return line;
        }
        if (ready.size() >= limit + 2) malformed_body("A line between the chunks of the body is too long.");
        const std::size_t count = channel_.receive(more);
        if (count == 0) ended_early();
        buffer_.append(std::span(more).first(count));
    }
}

void BodyReader::send_continue() {
    if (!continue_wanted_) return;
    continue_wanted_ = false;
    // A client that has already sent a part of the body does not wait for "100 Continue" (RFC 9110, 10.1.1).
    if (!buffer_.empty()) return;
    constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
    channel_.send(std::as_bytes(std::span(go_ahead)));
}

}  // namespace reprieve::http
