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

/// Header fields and query parameters: pairs in the order they came, repeats kept.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The body of a request, read straight from the connection. Used by the thread that runs the request.
class Body {
public:
    virtual ~Body() = default;

    /// The declared length; nothing for a chunked body; 0 where there is no body.
    virtual std::optional<std::uint64_t> length() const = 0;

    /// Fills `out` as far as the body goes and returns the bytes read; fewer than asked only at the end.
    /// The first call answers "Expect: 100-continue" (RFC 9110, 10.1.1), so that a handler which refuses
    /// without reading spares the client the bytes. Throws timeout (stalled or too slow), disconnected
    /// (it ended early) or bad_request (malformed chunks).
    virtual std::size_t read(std::span<std::byte> out) = 0;

    /// From now on the rest of it has to arrive within stall_timeout, or read throws timeout. For a body that is small
    /// and read whole; without this it may come as slowly as min_transfer_rate.
    virtual void start_deadline() = 0;

    /// Returns a function that ends a read() which waits for the client: read() throws disconnected. Any thread may
    /// call it while the request runs.
    virtual std::function<void()> interrupter() = 0;
};

/// A request as a handler sees it: checked, bounded and decoded.
struct Request {
    std::string id;      ///< "req-<uuid>": also in the response and in the log
    std::string method;  ///< upper case; HEAD arrives as GET with is_head
    bool is_head = false;
    std::string_view route;             ///< the pattern that the path was found by; empty before the router
    std::string path;                   ///< as sent: still percent-encoded, without the query
    Fields query;                       ///< decoded
    Fields headers;                     ///< names in lower case, values as sent without outer white space
    std::vector<std::string> captures;  ///< what stood at the {…} of the route, decoded, in their order
    std::string peer;       ///< address of the client, as a trusted proxy gives it; "unix" on the admin socket
    bool is_https = false;  ///< as the client speaks, to us or to a trusted proxy
    bool is_admin_socket = false;
    Body* body = nullptr;  ///< never null

    /// The first value of a header (name in lower case); empty where there is none.
    std::string_view header(std::string_view name) const;
    /// The first value of a query parameter; nothing where there is none.
    std::optional<std::string_view> parameter(std::string_view name) const;
    /// "https://host:port", as the client addressed us; never with a slash at the end.
    std::string base_url() const;
};

/// Sends `bytes` to the client; false once the client is gone: then return.
using Sink = std::function<bool(std::span<const std::byte> bytes)>;

/// What a handler answers. A handler that throws Error is answered by the table in error_status.hpp; the
/// headers that it had set stay, save those that describe a body.
struct Response {
    int status = 200;
    Fields headers;
    std::string content_type = "application/json";
    std::string body;

    /// A body that is streamed: `content_length` bytes, which `content` sends through the sink in the
    /// thread of the request. It is not called for HEAD. One that sends less than it declared (it threw,
    /// or returned early) breaks the connection, so that a client never takes a part for the whole.
    std::function<void(const Sink& sink)> content;
    std::uint64_t content_length = 0;

    /// A body that goes on after the handler has returned, up to the end of the connection. Only with 200 and without
    /// another body; for HEAD it is ended at once.
    std::shared_ptr<EventStream> stream;

    void set_header(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

using Handler = std::function<void(Request&, Response&)>;

/// Reads a whole body, for JSON. Throws too_large beyond `limit`, and timeout where it takes longer than stall_timeout.
std::string read_body(Request& request, std::size_t limit);

}  // namespace reprieve::http
