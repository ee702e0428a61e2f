#include "store/http/http_reader.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace reprieve::store {
namespace {

[[noreturn]] void fail(const std::string& why) { throw Error(ErrorKind::unavailable, why); }

std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) fail("the server sends an invalid Content-Range");
    return number;
}

/// Values of the header Content-Range, such as "bytes 0-9/100"; "bytes */100" has only the size (RFC 9110, section
/// 14.4).
struct ContentRange {
    std::uint64_t first = 0, last = 0, size = 0;
};

ContentRange content_range(const net::HttpAnswer& head) {
    constexpr std::string_view unit = "bytes ";
    std::string_view text = head.header("content-range");
    const std::size_t slash = text.find('/');
    if (!text.starts_with(unit) || slash == std::string_view::npos) fail("the server sends no Content-Range");
    ContentRange range;
    range.size = number_in(text.substr(slash + 1));
    text = text.substr(unit.size(), slash - unit.size());
    if (text == "*") return range;
    const std::size_t dash = std::min(text.find('-'), text.size());
    range.first = number_in(text.substr(0, dash));
    range.last = number_in(text.substr(std::min(dash + 1, text.size())));
    if (range.first > range.last || range.last >= range.size) fail("the server sends an impossible Content-Range");
    return range;
}

std::string strong_version(const net::HttpAnswer& head) {
    const std::string_view tag = head.header("etag");
    return tag.starts_with("W/") ? std::string() : std::string(tag);
}

void require_plain(const net::HttpAnswer& head) {
    const std::string_view coding = head.header("content-encoding");
    if (!coding.empty() && !equals_ignoring_case(coding, "identity"))
        fail("the server sends the image compressed, although that was not requested");
}

[[noreturn]] void refuse_status(int status) {
    const std::string text = "the server answers " + std::to_string(status);
    if (status == 404 || status == 410) throw Error(ErrorKind::not_found, text + ": it has nothing at this URL");
    fail(text);
}

net::Deadline deadline_for(const HttpPatience& patience, std::size_t bytes) {
    const std::uint64_t transfer_us = bytes * 1'000'000 / std::max<std::uint64_t>(patience.min_rate, 1);
    return net::Deadline(patience.timeout_us + static_cast<std::int64_t>(transfer_us));
}

}  // namespace

HttpReader::HttpReader(const net::HttpFetch& fetch, std::string url, HttpPatience patience)
    : fetch_(fetch), url_(std::move(url)), patience_(patience) {
    // Send GET instead of HEAD: a signed URL allows only one method, and the bytes need GET.
    auto stream = ask("bytes=0-0", net::Deadline(patience_.timeout_us));
    const net::HttpAnswer& head = stream->head();
    switch (head.status) {
        case 206: {
            const ContentRange range = content_range(head);
            if (range.first != 0 || range.last != 0) fail("the server sends another part than requested");
            size_ = range.size;
            gives_parts_ = true;
            break;
        }
        case 416:  // an empty image has no byte 0
            size_ = content_range(head).size;
            if (size_ != 0) refuse_status(head.status);
            break;
        case 200:
            if (!stream->length()) fail("the server does not say how long the image is");
            size_ = *stream->length();
            break;
        default:
            refuse_status(head.status);
    }
    require_plain(head);
    version_ = strong_version(head);
    if (head.status != 200) return;
    stream_ = std::move(stream);
    stream_end_ = size_;
}

std::unique_ptr<net::HttpStream> HttpReader::ask(const std::string& range, const net::Deadline& deadline) const {
    return fetch_.get(url_, {{"Range", range}, {"Accept", "*/*"}, {"Accept-Encoding", "identity"}}, deadline);
}

void HttpReader::open_at(std::uint64_t offset, const net::Deadline& deadline) {
    if (!gives_parts_ && offset > 0) fail("the server sends no parts, only the whole image from the beginning");
    auto stream = ask("bytes=" + std::to_string(offset) + "-", deadline);
    const net::HttpAnswer& head = stream->head();
    std::uint64_t end = size_;
    if (head.status == 206) {
        const ContentRange range = content_range(head);
        if (range.size != size_) fail("the image has another length than at first");
        if (range.first != offset) fail("the server sends another part than requested");
        end = range.last + 1;
    } else if (head.status == 200 && offset == 0) {
        if (stream->length() && *stream->length() != size_) fail("the image has another length than at first");
    } else if (head.status == 200) {
        fail("the server sends everything instead of the requested part");
    } else {
        refuse_status(head.status);
    }
    if (stream->length() && *stream->length() != end - offset) fail("the server announces two different lengths");
    require_plain(head);
    if (strong_version(head) != version_) fail("the image was replaced while it was read");
    stream_ = std::move(stream);
    position_ = offset;
    stream_end_ = end;
}

std::size_t HttpReader::read(std::uint64_t offset, std::span<std::byte> out) {
    const MutexLock lock(mutex_);
    if (offset >= size_ || out.empty()) return 0;
    out = out.first(std::min<std::uint64_t>(out.size(), size_ - offset));
    const net::Deadline deadline = deadline_for(patience_, out.size());
    try {
        std::size_t done = 0;
        for (bool was_retried = false; done < out.size();) {
            if (!stream_ || position_ != offset + done || position_ == stream_end_) open_at(offset + done, deadline);
            try {
                done += read_on(out.subspan(done), deadline);
            } catch (const Error&) {
                // A server may close the connection of a client that pauses, so ask once more for the rest.
                if (was_retried || !gives_parts_ || position_ == stream_end_ || deadline.is_over()) throw;
                was_retried = true;
                done = position_ - offset;
                stream_.reset();
            }
        }
        return done;
    } catch (...) {
        stream_.reset();
        throw;
    }
}

/// Fills `out` from the open answer, at most up to the answer's end. Returns the number of bytes read, at least one.
std::size_t HttpReader::read_on(std::span<std::byte> out, const net::Deadline& deadline) {
    out = out.first(std::min<std::uint64_t>(out.size(), stream_end_ - position_));
    std::size_t done = 0;
    while (done < out.size()) {
        const std::size_t count =
            stream_->read({reinterpret_cast<char*>(out.data()) + done, out.size() - done}, deadline);
        if (count == 0) fail("the server sends less than it announced");
        done += count;
        position_ += count;
    }
    if (position_ == stream_end_) {
        char more = 0;
        if (stream_->read({&more, 1}, deadline) != 0) fail("the server sends more than it announced");
    }
    return done;
}

}  // namespace reprieve::store
