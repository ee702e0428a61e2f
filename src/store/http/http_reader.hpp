#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "net/http_fetch.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// How long a server of the web may take.
struct HttpPatience {
    std::int64_t timeout_us = 15'000'000;  ///< until it begins to answer, and for any part of the answer on top of:
    std::uint64_t min_rate = 64 << 10;     ///< bytes a second that it sends at least
};

/// An image that a server of the web has. One request is one walk from an offset to the end, so a download is two
/// requests: what it is, and all of it. Nothing that the server says is believed: what comes must have the length, and
/// be of the version, that it told at first.
class HttpReader final : public Reader {
public:
    /// Asks how long it is. `fetch` outlives this. Throws not_found where the server has nothing there (404, 410), and
    /// unavailable, with the reason but not the URL, for any other answer that is of no use.
    HttpReader(const net::HttpFetch& fetch, std::string url, HttpPatience patience);

    std::uint64_t size() const override { return size_; }
    bool gives_parts() const override { return gives_parts_; }

    /// Throws unavailable where the server fails, is too slow, sends more or less than it told, or something else than
    /// at first; and for an offset behind which one cannot ask a server that gives no parts.
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) override;

private:
    void open_at(std::uint64_t offset, const net::Deadline& deadline);
    std::size_t read_on(std::span<std::byte> out, const net::Deadline& deadline);
    std::unique_ptr<net::HttpStream> ask(const std::string& range, const net::Deadline& deadline) const;

    const net::HttpFetch& fetch_;
    const std::string url_;
    const HttpPatience patience_;
    std::uint64_t size_ = 0;
    bool gives_parts_ = false;
    std::string version_;  ///< the strong ETag; empty where there is none

    std::mutex mutex_;
    std::unique_ptr<net::HttpStream> stream_;  ///< an answer that is at `position_`; null for none
    std::uint64_t position_ = 0;
    std::uint64_t stream_end_ = 0;  ///< where the answer ends, as it told
};

}  // namespace reprieve::store
