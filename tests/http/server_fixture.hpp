#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "http/connections/tls_context.hpp"
#include "http/server.hpp"
#include "tests/http/loopback.hpp"

namespace reprieve::tests {

/// Server on a free port of loopback, with one route for each kind of handler.
class ServerFixture {
public:
    ServerFixture() {
        using http::BodyRule;
        using http::Request;
        using http::Response;
        add("GET", "/hello", BodyRule::none, [](Request&, Response& out) { out.body = "hello"; });
        add("GET", "/empty", BodyRule::none, [](Request&, Response& out) { out.status = 204; });
        add("GET", "/peer", BodyRule::none, [](Request& in, Response& out) { out.body = in.peer; });
        add("GET", "/address", BodyRule::none, [](Request& in, Response& out) { out.body = in.base_url(); });
        add("GET", "/header", BodyRule::none,
            [](Request& in, Response& out) { out.body = std::string(in.header("x-test")); });
        add("POST", "/action", BodyRule::ignore, [](Request&, Response& out) { out.body = "done"; });
        add("POST", "/json", BodyRule::handler,
            [this](Request& in, Response& out) { out.body = http::read_body(in, json_limit); });
        add("POST", "/refuse", BodyRule::handler,
            [](Request&, Response&) { throw Error(ErrorKind::conflict, "Not now."); });
        add("PUT", "/count", BodyRule::handler, [this](Request& in, Response& out) { count(in, out); });
        add("GET", "/stream", BodyRule::none, [](Request&, Response& out) { stream(out, 3 << 20, 3 << 20); });
        add("GET", "/short", BodyRule::none, [](Request&, Response& out) { stream(out, 100, 50); });
        add("GET", "/long", BodyRule::none, [](Request&, Response& out) { stream(out, 100, 150); });
        add("GET", "/endless", BodyRule::none, [this](Request&, Response& out) { endless(out); });
        add("GET", "/held", BodyRule::none, [this](Request&, Response& out) { hold(out); });
        add("GET", "/large", BodyRule::none, [](Request&, Response& out) { out.body.assign(16 << 20, 'x'); });
        add("GET", "/throws", BodyRule::none, [](Request&, Response&) { throw std::runtime_error("inner secret"); });
        add("GET", "/throws-a-number", BodyRule::none, [](Request&, Response&) { throw 1; });
        add("GET", "/late-error", BodyRule::none, [](Request&, Response& out) {
            out.set_header("Tus.Resumable", "1.0.0");
            out.set_header("Content-Range", "bytes 0-1/2");
            stream(out, 100, 100);
            throw Error(ErrorKind::gone, "It went away.");
        });
        add("GET", "/split", BodyRule::none,
            [](Request&, Response& out) { out.set_header("X-Evil", "a\r\nX-Injected: 1"); });
    }

    ~ServerFixture() {
        if (server_) server_->stop();
    }

    std::uint16_t start() {
        server_ = std::make_unique<http::Server>(
            options, router, [](const http::Request& request, http::Response& response) { gate(request, response); },
            [this](const http::AccessRecord& record) { note(record); });
        port = server_->listen_tcp("127.0.0.1", 0, tls);
        if (!admin_socket.empty()) server_->listen_unix(admin_socket);
        server_->start();
        return port;
    }

    /// Starts the server with an admin socket too. Returns the path of the socket.
    std::string start_with_admin() {
        admin_socket = (std::filesystem::temp_directory_path() / new_uuid()).string();
        start();
        return admin_socket;
    }

    http::Server& server() { return *server_; }

    struct Logged {
        std::string path;
        int status;
        std::uint64_t sent;
        std::string error;
    };

    /// Blocks until the log has record `n` (0: the first), and returns it. Throws std::runtime_error after hang_limit.
    Logged logged(std::size_t n) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, hang_limit, [&] { return records_.size() > n; }))
            throw std::runtime_error("nothing was logged");
        return records_[n];
    }
    /// Returns whether the log has record `n` (0: the first). Waits 10 ms for it.
    bool is_logged(std::size_t n) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::milliseconds(10), [&] { return records_.size() > n; });
    }
    std::size_t log_size() {
        const std::lock_guard lock(mutex_);
        return records_.size();
    }

    /// Blocks until a handler has read or sent bytes. Throws std::runtime_error after hang_limit.
    void wait_for_transfer() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, hang_limit, [&] { return transfers_ > 0; }))
            throw std::runtime_error("no transfer began");
    }

    http::ServerOptions options;
    std::size_t json_limit = 1000;  ///< highest size of the body of POST /json, in bytes
    http::Router router;
    std::shared_ptr<http::TlsContext> tls;  ///< null: no TLS
    std::uint16_t port = 0;
    std::string admin_socket;  ///< path; empty: no admin socket
    std::weak_ptr<int> held;   ///< object that the last answer to GET /held owns

private:
    void add(std::string_view method, std::string_view pattern, http::BodyRule rule, http::Handler handler) {
        router.add({method, pattern, rule, std::move(handler)});
    }

    static void gate(const http::Request& request, http::Response& response) {
        response.set_header("X-Gate", "seen");
        if (request.header("host") == "evil") throw Error(ErrorKind::misdirected, "This is not evil.");
    }

    void note(const http::AccessRecord& record) {
        const std::lock_guard lock(mutex_);
        records_.push_back({record.request.path, record.status, record.sent, record.error});
        changed_.notify_all();
    }

    void moved() {
        const std::lock_guard lock(mutex_);
        ++transfers_;
        changed_.notify_all();
    }

    void count(http::Request& in, http::Response& out) {
        std::vector<std::byte> buffer(1 << 20);
        std::uint64_t total = 0;
        std::uint64_t sum = 0;
        // Read only the first byte at first, so that a test can wait until the upload has begun.
        for (std::size_t part = in.body->read(std::span(buffer).first(1)); part > 0; part = in.body->read(buffer)) {
            if (total == 0) moved();
            for (const std::byte byte : std::span(buffer).first(part)) sum += static_cast<std::uint64_t>(byte);
            total += part;
        }
        out.body = std::to_string(total) + " " + std::to_string(sum);
    }

    static void stream(http::Response& out, std::uint64_t declared, std::uint64_t real) {
        out.content_type = "application/octet-stream";
        out.content_length = declared;
        out.content = [real](const http::Sink& sink) {
            const std::vector<std::byte> part(std::min<std::uint64_t>(real, 1 << 20), std::byte{'x'});
            for (std::uint64_t sent = 0; sent < real; sent += part.size())
                if (!sink(part)) return;
        };
    }

    void hold(http::Response& out) {
        auto thing = std::make_shared<int>(0);
        held = thing;
        out.content_length = 1;
        out.content = [thing](const http::Sink& sink) { sink(std::as_bytes(std::span("x", 1))); };
    }

    void endless(http::Response& out) {
        out.content_length = 1ULL << 40;
        out.content = [this](const http::Sink& sink) {
            const std::vector<std::byte> part(1 << 20);
            while (sink(part)) moved();
        };
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Logged> records_;
    std::size_t transfers_ = 0;
    std::unique_ptr<http::Server> server_;
};

inline std::string get(std::string_view path, std::string_view headers = {}) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view headers, std::string_view body = {}) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n" +
           std::string(body);
}

}  // namespace reprieve::tests
