#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.hpp"

namespace reprieve::tests {

/// Server on loopback whose bytes a test controls. It calls `answer` with each complete request, on a thread for each
/// connection, and sends the result. After a result that is empty or contains "Connection: close" it closes.
class FakeServer {
public:
    using Answer = std::function<std::string(const std::string& request)>;

    /// `port`: 0 for a free one. `drip`: bytes that are sent every 5 ms after an answer, until the client closes or
    /// sends; empty: none.
    explicit FakeServer(Answer answer, std::uint16_t port = 0, std::string drip = {})
        : answer_(std::move(answer)),
          drip_(std::move(drip)),
          listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int on = 1;
        ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), plain, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
            ::getsockname(listener_.get(), plain, &size) != 0)
            throw std::runtime_error(std::string("fake server: ") + std::strerror(errno));
        port_ = ntohs(address.sin_port);
        accepter_ = std::thread([this] { accept_all(); });
    }

    ~FakeServer() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        accepter_.join();
        {
            const std::lock_guard lock(mutex_);
            for (const auto& connection : connections_) ::shutdown(connection.get(), SHUT_RDWR);
        }
        for (auto& worker : workers_) worker.join();
    }

    std::uint16_t port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    std::size_t connections() {
        const std::lock_guard lock(mutex_);
        return connections_.size();
    }

private:
    void accept_all() {
        while (true) {
            FileDescriptor connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!connection) return;
            const std::lock_guard lock(mutex_);
            const int fd = connections_.emplace_back(std::move(connection)).get();
            workers_.emplace_back([this, fd] {
                serve(fd);
                ::shutdown(fd, SHUT_RDWR);
            });
        }
    }

    void serve(int fd) {
        std::string received;
        while (true) {
            const std::size_t end = end_of_request(received);
            if (end == 0) {
                char part[4096];
                const ssize_t count = ::recv(fd, part, sizeof part, 0);
                if (count <= 0) return;
                received.append(part, static_cast<std::size_t>(count));
                continue;
            }
            const std::string answer = answer_(received.substr(0, end));
            received.erase(0, end);
            if (answer.empty() || ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0 ||
                answer.find("Connection: close") != std::string::npos)
                return;
            if (!drip_.empty()) return drip(fd);
        }
    }

    void drip(int fd) const {
        constexpr int pause_ms = 5;
        pollfd entry{fd, POLLIN, 0};
        while (::poll(&entry, 1, pause_ms) == 0 && ::send(fd, drip_.data(), drip_.size(), MSG_NOSIGNAL) > 0) continue;
    }

    /// Returns the size of the first request; 0 if it is not complete yet.
    static std::size_t end_of_request(const std::string& received) {
        const std::size_t head = received.find("\r\n\r\n");
        if (head == std::string::npos) return 0;
        const std::size_t length = received.find("Content-Length: ");
        const std::size_t body = length < head ? std::stoul(received.substr(length + 16)) : 0;
        return received.size() >= head + 4 + body ? head + 4 + body : 0;
    }

    Answer answer_;
    const std::string drip_;
    FileDescriptor listener_;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::list<FileDescriptor> connections_;
    std::list<std::thread> workers_;
    std::thread accepter_;
};

/// Returns an answer with the body and its Content-Length.
inline std::string answer_of(const std::string& status, const std::string& body, const std::string& headers = {}) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

}  // namespace reprieve::tests
