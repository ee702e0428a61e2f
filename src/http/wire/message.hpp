#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/wire/event_stream.hpp"

namespace reprieve::http {

/// Header fields or query parameters: pairs of name and value in the order received. Names can repeat.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Interface to the body of a request, read straight from the connection. Use it only on the thread that runs the
/// request.
class Body {
public:
    virtual ~Body() = default;

    /// Returns the declared length in bytes; nullopt for a chunked body; 0 if there is no body.
    virtual std::optional<std::uint64_t> length() const = 0;

    /// Fills `out` and returns the number of bytes read, which is smaller than `out` only at the end of the body.
    /// The first call answers "Expect: 100-continue" (RFC 9110, 10.1.1), so if a handler refuses a request without
    /// reading, the client need not send the body. Throws timeout (stalled or too slow), disconnected (the body ended
    /// early) or bad_request (malformed chunks).
    virtual std::size_t read(std::span<std::byte> out) = 0;

    /// Starts a deadline: the rest of the body must arrive within stall_timeout from now, or read() throws timeout. Use
    /// it for small bodies that are read as a whole. Without a deadline, a body may be as slow as min_transfer_rate.
    virtual void start_deadline() = 0;

    /// Returns a function that interrupts the body: a read() that waits for bytes, now or later, throws disconnected.
    /// Any thread may call that function while the request runs.
    virtual std::function<void()> interrupter() = 0;
};

/// Request as a handler gets it: checked, limited in size and decoded.
struct Request {
    std::string id;      ///< "req-<uuid>"; also in the response and in the log
    std::string method;  ///< as sent, case-sensitive; HEAD arrives as GET with is_head
    bool is_head = false;
    std::string_view route;             ///< pattern of the route; empty before routing, and for the fallback
    std::string path;                   ///< as sent: still percent-encoded, without the query
    Fields query;                       ///< decoded
    Fields headers;                     ///< names in lower case, values as sent without outer white space
    std::vector<std::string> captures;  ///< segments that matched a {…} of the route, decoded, in order
    std::string peer;                   ///< client's address, not that of a trusted proxy; "unix" on the admin socket
    bool is_https = false;              ///< the client uses https, to this server or to a trusted proxy
    bool is_admin_socket = false;
    Body* body = nullptr;  ///< never null

    /// Returns the first value of a header; empty if there is none. Requires: `name` is in lower case.
    std::string_view header(std::string_view name) const;
    /// Returns the first value of a query parameter; nullopt if there is none.
    std::optional<std::string_view> parameter(std::string_view name) const;
    /// Returns the address that the client used, such as "https://host:port", without a slash at the end. The host is
    /// "localhost" if there is no Host header.
    std::string base_url() const;
};

/// Function that sends `bytes` to the client. If it returns false, no more can be sent and the caller must return.
using Sink = std::function<bool(std::span<const std::byte> bytes)>;

/// Answer of a handler. If a handler throws Error, answer_error() writes the answer. Headers that the handler has set
/// stay, except those that describe a body.
struct Response {
    int status = 200;
    Fields headers;
    std::string content_type = "application/json";
    std::string body;

    /// Function that streams a body of `content_length` bytes through the sink, in the thread of the request; null if
    /// the body is not streamed. It is not called for HEAD. If it sends fewer bytes than declared (it threw or returned
    /// early), the connection is closed, so that no client takes a part for the whole.
    std::function<void(const Sink& sink)> content;
    std::uint64_t content_length = 0;

    /// Body that continues after the handler has returned, until the connection ends; null if there is none. Only with
    /// status 200 and without another body. For HEAD it is ended at once.
    std::shared_ptr<EventStream> stream;

    void set_header(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

/// Function that runs a request. It may throw Error.
using Handler = std::function<void(Request&, Response&)>;

/// Reads a whole body into memory, for JSON. Throws too_large beyond `limit` bytes, timeout if it takes longer than
/// stall_timeout, and the other errors of Body::read().
std::string read_body(Request& request, std::size_t limit);

}  // namespace reprieve::http
