#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/mutex.hpp"
#include "net/http_fetch.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Time limits for the answers of a web server. Each read may take timeout_us plus the time that its bytes take at
/// min_rate.
struct HttpPatience {
    std::int64_t timeout_us = 15'000'000;  ///< microseconds; the request for the length has only this limit
    std::uint64_t min_rate = 64 << 10;     ///< bytes per second
};

/// Reader of an image on a web server. One request fetches all bytes from an offset to the end, so a download takes two
/// requests: one for the length, and one for the bytes. The server is not trusted: every answer must have the length
/// and the version (strong ETag) of the first answer.
class HttpReader final : public Reader {
public:
    /// Asks the server for the length. `fetch` must outlive this. Throws not_found if the server answers 404 or 410;
    /// unavailable, with the reason but not the URL, for any other answer that is not usable; forbidden if the address
    /// of the server is not allowed.
    HttpReader(const net::HttpFetch& fetch, std::string url, HttpPatience patience);

    std::uint64_t size() const override { return size_; }
    bool gives_parts() const override { return gives_parts_; }

    /// Throws unavailable if the server fails, is too slow, sends more or fewer bytes than it announced, or sends
    /// another version of the image. Also throws unavailable if gives_parts() is false and the read neither starts
    /// at 0 nor continues the last one.
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) override;

private:
    void open_at(std::uint64_t offset, const net::Deadline& deadline) REQUIRES(mutex_);
    std::size_t read_on(std::span<std::byte> out, const net::Deadline& deadline) REQUIRES(mutex_);
    std::unique_ptr<net::HttpStream> ask(const std::string& range, const net::Deadline& deadline) const;

    const net::HttpFetch& fetch_;
    const std::string url_;
    const HttpPatience patience_;
    std::uint64_t size_ = 0;
    bool gives_parts_ = false;
    std::string version_;  ///< strong ETag of the first answer; empty if it had none

    Mutex mutex_;
    /// Answer that is being read, so far up to `position_`; null if there is none.
    std::unique_ptr<net::HttpStream> stream_ GUARDED_BY(mutex_);
    std::uint64_t position_ GUARDED_BY(mutex_) = 0;    ///< offset in the image of the next byte of `stream_`
    std::uint64_t stream_end_ GUARDED_BY(mutex_) = 0;  ///< offset in the image at which the answer ends, as announced
};

}  // namespace reprieve::store
