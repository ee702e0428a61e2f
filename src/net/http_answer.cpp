#include "net/http_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace reprieve::net {
namespace {

constexpr std::size_t read_bytes = 16 << 10;
constexpr std::size_t max_lines_bytes = 64 << 10;
constexpr std::size_t max_fields = 128;
constexpr int max_interim_answers = 8;

[[noreturn]] void refuse_answer(const std::string& why) {
    throw Error(ErrorKind::unavailable, "the answer cannot be read: " + why);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    const auto begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::uint64_t number_in(std::string_view text, int base) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size()) refuse_answer("a number in it is malformed");
    return number;
}

/// Returns the value of a header; nullopt if the header is missing. Throws unavailable if the header occurs with two
/// different values.
std::optional<std::string_view> only_value(const HttpAnswer& answer, std::string_view name) {
    std::optional<std::string_view> value;
    for (const auto& [field, text] : answer.headers) {
        if (field != name) continue;
        if (value && *value != text) refuse_answer("it has two different values of " + std::string(name));
        value = text;
    }
    return value;
}

bool is_interim(int status) { return status >= 100 && status < 200; }

bool is_bodyless(int status) { return status == 204 || status == 304; }

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& field) { return field.first == name; });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

HttpAnswer HttpAnswerReader::read(bool has_body, std::size_t max_body_bytes) {
    HttpAnswer answer = begin(has_body);
    std::array<char, read_bytes> part{};
    while (true) {
        // Refuse a body whose announced length is too large before its bytes arrive.
        const std::uint64_t announced = framing_ == Framing::by_end || framing_ == Framing::done ? 0 : left_;
        if (announced > max_body_bytes - answer.body.size()) refuse_answer("it is too large");
        const std::size_t count = read_some(part);
        if (count == 0) return answer;
        if (count > max_body_bytes - answer.body.size()) refuse_answer("it is too large");
        answer.body.append(part.data(), count);
    }
}

HttpAnswer HttpAnswerReader::begin(bool has_body) {
    HttpAnswer answer = read_head();
    for (int count = 0; is_interim(answer.status); answer = read_head())
        if (++count > max_interim_answers || answer.status == 101) refuse_answer("it has no final status");
    is_kept_ = is_kept_ && !equals_ignoring_case(answer.header("connection"), "close");
    length_ = 0;
    if (has_body && !is_bodyless(answer.status)) choose_framing(answer);
    return answer;
}

/// Reads more bytes from the connection into buffer_. Returns false at the end of the connection.
bool HttpAnswerReader::fill() {
    buffer_.erase(0, at_);
    at_ = 0;
    std::array<char, read_bytes> part{};
    const std::size_t count = connection_.read(part, deadline_);
    has_begun_ = has_begun_ || count > 0;
    buffer_.append(part.data(), count);
    return count > 0;
}

/// Returns the next line without its line end. The result points into buffer_ and is valid until the next read.
std::string_view HttpAnswerReader::read_line() {
    std::size_t end = 0;
    while ((end = buffer_.find('\n', at_)) == std::string::npos) {
        if (head_bytes_ + buffer_.size() - at_ > max_lines_bytes) refuse_answer("its head is too long");
        if (!fill()) refuse_answer(has_begun_ ? "it ends in its head" : "the server closed the connection");
    }
    std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
    head_bytes_ += end + 1 - at_;
    if (head_bytes_ > max_lines_bytes) refuse_answer("its head is too long");
    at_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos)
        refuse_answer("a line holds a control character");
    return line;
}

HttpAnswer HttpAnswerReader::read_head() {
    HttpAnswer answer;
    const std::string_view status = read_line();
    // The line is "HTTP/1.1 200 OK", or the same without a reason.
    const bool is_first_version = status.starts_with("HTTP/1.0 ");
    if ((!status.starts_with("HTTP/1.1 ") && !is_first_version) || status.size() < 12 ||
        (status.size() > 12 && status[12] != ' '))
        refuse_answer("it does not begin with a status line of HTTP/1");
    answer.status = static_cast<int>(number_in(status.substr(9, 3), 10));
    if (answer.status < 100 || answer.status > 599) refuse_answer("its status is not from 100 to 599");
    is_kept_ = !is_first_version;
    for (std::string_view line = read_line(); !line.empty(); line = read_line()) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0 || line.find_first_of(" \t") < colon)
            refuse_answer("the name of a header is malformed");
        if (answer.headers.size() == max_fields) refuse_answer("it has too many headers");
        answer.headers.emplace_back(to_lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return answer;
}

void HttpAnswerReader::choose_framing(const HttpAnswer& answer) {
    const auto coding = only_value(answer, "transfer-encoding");
    const auto length = only_value(answer, "content-length");
    if (coding && length) refuse_answer("it has both Content-Length and Transfer-Encoding");
    if (coding) {
        if (!equals_ignoring_case(*coding, "chunked")) refuse_answer("its Transfer-Encoding is not chunked");
        framing_ = Framing::by_chunks;
        length_.reset();
        begin_chunk();
    } else if (length) {
        length_ = left_ = number_in(*length, 10);
        framing_ = left_ > 0 ? Framing::by_length : Framing::done;
    } else {
        framing_ = Framing::by_end;
        length_.reset();
        is_kept_ = false;
    }
}

/// Reads the line before a chunk, which has the size of the chunk. If the chunk is the last one (size 0), also reads
/// the trailers after it.
void HttpAnswerReader::begin_chunk() {
    head_bytes_ = 0;
    const std::string_view line = read_line();
    left_ = number_in(trimmed(line.substr(0, line.find(';'))), 16);
    if (left_ > 0) return;
    while (!read_line().empty()) continue;  // trailers
    framing_ = Framing::done;
}

void HttpAnswerReader::end_chunk() {
    if (!read_line().empty()) refuse_answer("a chunk is longer than its size");
    begin_chunk();
}

std::size_t HttpAnswerReader::read_some(std::span<char> out) {
    switch (framing_) {
        case Framing::done:
            return 0;
        case Framing::by_end: {
            const std::size_t count = take(out);
            if (count == 0) framing_ = Framing::done;
            return count;
        }
        case Framing::by_length:
        case Framing::by_chunks:
            break;
    }
    const std::size_t count = take(out.first(std::min<std::uint64_t>(out.size(), left_)));
    if (count == 0) refuse_answer("it ends before its length");
    left_ -= count;
    if (left_ > 0) return count;
    if (framing_ == Framing::by_chunks)
        end_chunk();
    else
        framing_ = Framing::done;
    return count;
}

/// Copies bytes to `out`, from buffer_ or, if that is empty, from the connection. Returns the number of bytes; 0 at the
/// end of the connection.
std::size_t HttpAnswerReader::take(std::span<char> out) {
    if (at_ == buffer_.size()) {
        // Read large parts directly into `out`, which saves a copy.
        if (out.size() >= read_bytes) return connection_.read(out, deadline_);
        if (!fill()) return 0;
    }
    const std::size_t count = std::min(out.size(), buffer_.size() - at_);
    buffer_.copy(out.data(), count, at_);
    at_ += count;
    return count;
}

}  // namespace reprieve::net
