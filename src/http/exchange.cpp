#include "http/exchange.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "base/ascii_case.hpp"
#include "base/clock.hpp"
#include "base/timestamp.hpp"
#include "base/uuid.hpp"
#include "http/body_reader.hpp"
#include "http/httplib_guard.hpp"
#include "http/wire/percent_encoding.hpp"

namespace reprieve::http {
namespace {

// If at most this many bytes of a body are unread, they are skipped and the connection is kept. If more are unread, it
// is cheaper to close the connection.
constexpr std::uint64_t max_skipped_bytes = 64 << 10;

/// Returns true for a header that only this server sets; a handler's value for it is ignored.
bool is_framing(std::string_view name) {
    constexpr std::array<std::string_view, 6> names{"content-length", "transfer-encoding",      "connection",
                                                    "keep-alive",     "x-openstack-request-id", "date"};
    return std::ranges::any_of(names, [&](std::string_view other) { return equals_ignoring_case(name, other); });
}

/// Adapter through which cpp-httplib uses our connection. The library reads a fixed head that we wrote, because our own
/// parser has already checked the client's head. So no client can reach the library's header parser.
class ConnectionStream final : public httplib::Stream {
public:
    ConnectionStream(Connection& connection, std::string_view head) : connection_(connection), head_(head) {}

    bool is_readable() const override { return !head_.empty(); }
    bool wait_readable() const override { return !head_.empty(); }
    bool wait_writable() const override { return error_text_.empty(); }

    ssize_t read(char* out, std::size_t size) override {
        const std::size_t count = head_.copy(out, size);
        head_.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }

    ssize_t write(const char* data, std::size_t size) override {
        try {
            connection_.send(std::as_bytes(std::span(data, size)));
            return static_cast<ssize_t>(size);
        } catch (const Error& error) {
            error_text_ = error.what();
            return -1;
        }
    }

    void get_remote_ip_and_port(std::string& ip, int& port) const override {
        ip = connection_.peer;
        port = 0;
    }
    void get_local_ip_and_port(std::string& ip, int& port) const override {
        ip.clear();
        port = 0;
    }
    socket_t socket() const override { return connection_.socket.get(); }
    time_t duration() const override { return 0; }

    const std::string& error_text() const { return error_text_; }

private:
    Connection& connection_;
    std::string_view head_;
    std::string error_text_;
};

}  // namespace

/// Server of cpp-httplib, used for one request at a time: it runs our handler and writes the answer.
class Exchange::Writer final : private httplib::Server {
public:
    explicit Writer(ExchangeContext context) : context_(std::move(context)) {
        // If svr_sock_ is not a valid descriptor, the library treats the server as stopped and ends transfers.
        svr_sock_ = 0;
        set_pre_routing_handler([this](const httplib::Request&, httplib::Response& out) {
            answer(out);
            limit_time(out);
            return HandlerResponse::Handled;
        });
        set_post_routing_handler([this](const httplib::Request&, httplib::Response& out) { finish_headers(out); });
    }

    After run(Connection& connection) {
        const std::int64_t begin = steady_us();
        static const RequestHead no_head;
        const RequestHead& head = connection.head ? *connection.head : no_head;
        BodyReader body(head, connection.input, connection);
        request_ = make_request(connection, body);
        response_ = Response();
        connection_ = &connection;
        head_ = &head;
        body_ = &body;
        error_.clear();
        sent_ = 0;
        body_bytes_ = 0;
        keeps_ = false;
        const bool written = write_answer(connection);
        const bool is_head = request_.is_head;
        log(begin);
        const std::shared_ptr<EventStream> stream = std::move(response_.stream);
        // The request and the response can own a file, or count as one of a limited number of transfers. Release them
        // now, not at the next request.
        request_ = {};
        response_ = {};
        if (stream && written && !is_head) {
            connection.stream = stream;
            return After::stream;
        }
        if (stream) stream->detach();
        if (!written) return After::close;
        if (!keeps_) return After::linger;
        connection.to_skip = body.skippable().value_or(0);
        return After::keep;
    }

private:
    static Request make_request(Connection& connection, Body& body) {
        Request request;
        request.id = "req-" + new_uuid();
        if (connection.head) {
            RequestHead& head = *connection.head;
            request.is_head = head.method == "HEAD";
            request.method = request.is_head ? "GET" : std::move(head.method);
            request.path = std::move(head.path);
            request.headers = std::move(head.headers);
        }
        request.peer = connection.origin.client.empty() ? connection.peer : connection.origin.client;
        request.is_https = connection.origin.is_https;
        request.is_admin_socket = connection.is_admin;
        request.body = &body;
        return request;
    }

    /// Returns true if the whole answer was passed to the kernel.
    bool write_answer(Connection& connection) {
        ConnectionStream stream(connection, request_.is_head ? "HEAD / HTTP/1.1\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n");
        bool written = false;
        try {
            bool closed = false;
            written = process_request(stream, connection.peer, 0, {}, 0, false, closed, nullptr);
        } catch (const std::exception& error) {
            error_ = error.what();
        }
        if (!written && error_.empty()) error_ = stream.error_text();
        if (written && !request_.is_head) sent_ += body_bytes_;
        return written;
    }

    void answer(httplib::Response& out) {
        if (connection_->failure) {
            error_ = answer_failure(*connection_->failure, request_, response_);
        } else {
            try {
                request_.query = parse_query(head_->query);
                error_ = dispatch(context_.dispatch, request_, response_);
            } catch (const Error& error) {
                error_ = answer_failure(error, request_, response_);
            }
        }
        if (response_.status != 200 && response_.stream) std::exchange(response_.stream, nullptr)->detach();
        out.status = response_.status;
        bool has_type = false;
        for (const auto& [name, value] : response_.headers) {
            if (is_framing(name)) continue;
            has_type = has_type || equals_ignoring_case(name, "content-type");
            out.headers.emplace(name, value);
        }
        if (is_bodyless(response_.status)) {
            response_.body.clear();
            response_.content = nullptr;
            out.headers.erase("Content-Type");
            return;
        }
        const bool streams = response_.content || response_.content_length > 0 || response_.stream;
        if (!has_type && (streams || !response_.body.empty()))
            out.headers.emplace("Content-Type", response_.content_type);
        if (!streams) {
            body_bytes_ = response_.body.size();
            out.body = std::move(response_.body);
        } else if (response_.content_length > 0) {
            out.content_length_ = response_.content_length;
            out.content_provider_ = [this](std::size_t, std::size_t length, httplib::DataSink& sink) {
                return stream_content(length, sink);
            };
        }
    }

    /// Sets the time limit for sending the answer. A streamed body may take long if its bytes keep moving. Any other
    /// answer gets a deadline, because a client that reads slowly would block a worker.
    void limit_time(const httplib::Response& out) {
        if (out.content_provider_)
            connection_->restart_meters();
        else
            connection_->start_deadline();
    }

    /// Sends the body that the handler streams. Requires: `left` is its declared length. Returns true if exactly that
    /// many bytes were sent; false closes the connection.
    bool stream_content(std::uint64_t left, httplib::DataSink& out) {
        bool too_much = false;
        const Sink sink = [&](std::span<const std::byte> bytes) {
            too_much = too_much || bytes.size() > left;
            const auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left)));
            if (!out.write(reinterpret_cast<const char*>(part.data()), part.size())) return false;
            left -= part.size();
            sent_ += part.size();
            return !too_much;
        };
        try {
            if (response_.content) response_.content(sink);
            if (too_much) error_ = "the handler sent more bytes than it had declared";
            if (left > 0 && error_.empty()) error_ = "the answer was cut short";
        } catch (const std::exception& error) {
            error_ = error.what();
        } catch (...) {
            error_ = "an exception that is not a std::exception";
        }
        return left == 0 && !too_much;
    }

    void finish_headers(httplib::Response& out) {
        for (const char* name : {"Connection", "Keep-Alive"}) out.headers.erase(name);
        if (!has_header("Accept-Ranges")) out.headers.erase("Accept-Ranges");  // the library adds it to answers to HEAD
        if (is_bodyless(out.status) || response_.stream) out.headers.erase("Content-Length");
        out.headers.emplace("X-Openstack-Request-Id", request_.id);
        out.headers.emplace("Date", date());
        keeps_ = !connection_->failure && !response_.stream && head_->keep_alive && !context_.is_stopping() &&
                 body_->skippable().value_or(max_skipped_bytes + 1) <= max_skipped_bytes;
        if (!keeps_)
            out.headers.emplace("Connection", "close");
        else if (head_->is_http_1_0)
            out.headers.emplace("Connection", "keep-alive");
    }

    bool has_header(std::string_view name) const {
        return std::ranges::any_of(response_.headers,
                                   [&](const auto& field) { return equals_ignoring_case(field.first, name); });
    }

    const std::string& date() {
        const std::time_t now = std::time(nullptr);
        if (now != date_time_) date_ = format_http_date(now * us_per_second);
        date_time_ = now;
        return date_;
    }

    void log(std::int64_t begin) {
        if (!context_.log) return;
        try {
            context_.log(AccessRecord{request_, response_.status, sent_, steady_us() - begin, error_});
        } catch (...) {
            // A failing log must not fail the request.
        }
    }

    const ExchangeContext context_;
    // State of the current request.
    Connection* connection_ = nullptr;
    const RequestHead* head_ = nullptr;
    BodyReader* body_ = nullptr;
    Request request_;
    Response response_;
    std::string error_;
    std::uint64_t sent_ = 0;        ///< body bytes that were sent
    std::uint64_t body_bytes_ = 0;  ///< size of a body that is not streamed
    bool keeps_ = false;
    std::string date_;
    std::time_t date_time_ = 0;
};

Exchange::Exchange(ExchangeContext context) : writer_(std::make_unique<Writer>(std::move(context))) {}
Exchange::~Exchange() = default;

After Exchange::run(Connection& connection) { return writer_->run(connection); }

}  // namespace reprieve::http
