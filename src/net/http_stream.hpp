#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "net/connection.hpp"
#include "net/http_answer.hpp"
#include "net/http_request.hpp"

namespace reprieve::net {

/// One request to an HTTP server on its own connection, with an answer whose body is read in parts. Only one thread at
/// a time may use it. Each function throws unavailable with the reason if it fails. Do not use the stream after such an
/// error.
class HttpStream {
public:
    /// Sends the request and reads the head of the answer. `trust` is needed only for TLS, and must outlive the stream.
    /// Throws bad_request if the head of the request contains an extra line end or a NUL.
    HttpStream(const Endpoint& endpoint, const TlsTrust* trust, const HttpRequest& request, const Deadline& deadline);
    HttpStream(const HttpStream&) = delete;
    HttpStream& operator=(const HttpStream&) = delete;

    /// Returns the answer without its body.
    const HttpAnswer& head() const { return head_; }
    /// Returns the length of the body in bytes; nullopt if the head does not tell the length.
    std::optional<std::uint64_t> length() const { return reader_.length(); }

    /// Blocks until at least one byte of the body arrives, and returns the number of bytes written to `out`; 0 at the
    /// end of the body. Requires: `out` is not empty.
    std::size_t read(std::span<char> out, const Deadline& deadline);

private:
    Connection connection_;
    HttpAnswerReader reader_;
    HttpAnswer head_;
};

}  // namespace reprieve::net
