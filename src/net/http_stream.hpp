#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "net/connection.hpp"
#include "net/http_answer.hpp"
#include "net/http_request.hpp"

namespace reprieve::net {

/// One question to a server of HTTP, on a connection of its own, and its answer as it comes. Used by one thread at a
/// time. Whatever fails throws unavailable with the reason, and the stream is of no use afterwards.
class HttpStream {
public:
    /// Asks, and reads the head of the answer. `trust` is needed for TLS alone, and outlives this.
    HttpStream(const Endpoint& endpoint, const TlsTrust* trust, const HttpRequest& request, const Deadline& deadline);
    HttpStream(const HttpStream&) = delete;
    HttpStream& operator=(const HttpStream&) = delete;

    /// The answer, without its body.
    const HttpAnswer& head() const { return head_; }
    /// The length of the body; nothing where only its end will tell.
    std::optional<std::uint64_t> length() const { return reader_.length(); }

    /// At least one byte of the body, or 0 at its end.
    std::size_t read(std::span<char> out, const Deadline& deadline);

private:
    Connection connection_;
    HttpAnswerReader reader_;
    HttpAnswer head_;
};

}  // namespace reprieve::net
