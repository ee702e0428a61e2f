#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/file.hpp"
#include "tests/hang_limit.hpp"

namespace reprieve::tests {

/// Answer that a client has read.
struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    /// Returns the value of a header; empty if it is missing. `name` is case-sensitive.
    std::string header(std::string_view name) const {
        const auto at = head.find("\r\n" + std::string(name) + ": ");
        if (at == std::string::npos) return {};
        const auto begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

/// Error: the server has closed the connection.
struct Closed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct FreeTls {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

/// Client on a raw socket, so that a test controls every byte. A call fails after it has waited for `hang_limit`.
class Client {
public:
    explicit Client(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        prepare(receive_buffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connect(reinterpret_cast<const sockaddr&>(address), sizeof address);
    }

    explicit Client(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        prepare(0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        connect(reinterpret_cast<const sockaddr&>(address), sizeof address);
    }

    /// Does the handshake of TLS; later bytes are encrypted. `version`: highest version, such as TLS1_2_VERSION; 0: the
    /// newest. Does not verify the server. Returns false if the handshake fails.
    bool start_tls(int version = 0) {
        const std::unique_ptr<SSL_CTX, FreeTls> context(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), version);
        tls_.reset(SSL_new(context.get()));
        SSL_set_fd(tls_.get(), socket_.get());
        return SSL_connect(tls_.get()) == 1;
    }

    const SSL* tls() const { return tls_.get(); }

    /// Sends all bytes. Returns false if the server has closed the connection.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                                       : ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// Sends until the buffers of both sides are full. Returns the number of bytes sent.
    std::size_t send_what_fits(std::string_view bytes) {
        std::size_t sent = 0;
        ssize_t count = 0;
        while ((count = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT)) >
               0)
            sent += static_cast<std::size_t>(count);
        return sent;
    }

    /// Reads the next answer; without a body if the request was HEAD (`is_head`). An interim answer (1xx) counts as an
    /// answer. Throws Closed.
    Answer read_answer(bool is_head = false) {
        Answer answer;
        std::size_t end = 0;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) receive_some();
        answer.head = received_.substr(0, end + 2);
        received_.erase(0, end + 4);
        answer.status = std::stoi(answer.head.substr(9, 3));
        const std::string length = answer.header("Content-Length");
        const std::size_t expected = length.empty() || is_head ? 0 : std::stoul(length);
        while (received_.size() < expected) receive_some();
        answer.body = received_.substr(0, expected);
        received_.erase(0, expected);
        return answer;
    }

    Answer ask(std::string_view bytes) {
        send(bytes);
        return read_answer();
    }

    /// Reads until the server closes the connection. Returns the bytes that no other call has returned.
    std::string read_to_end() {
        try {
            while (true) receive_some();
        } catch (const Closed&) {
            return std::exchange(received_, {});
        }
    }

    /// Reads a body without an end up to and including the next `text`. Throws Closed.
    void read_until(std::string_view text) {
        std::size_t at = 0;
        while ((at = received_.find(text)) == std::string::npos) receive_some();
        received_.erase(0, at + text.size());
    }

    /// Sends `part` every 5 ms until the server answers or closes the connection, at most `times` times.
    void drip(std::string_view part, int times = 4000) {
        constexpr int pause_ms = 5;
        pollfd entry{socket_.get(), POLLIN, 0};
        while (times-- > 0 && send(part) && ::poll(&entry, 1, pause_ms) == 0) {
        }
    }

    /// Reads at most 64 KiB and discards them.
    void sip() {
        char part[65536];
        if (::recv(socket_.get(), part, sizeof part, 0) < 0 && errno != ECONNRESET)
            throw std::runtime_error(std::string("recv: ") + std::strerror(errno));
    }

    void end_sending() { ::shutdown(socket_.get(), SHUT_WR); }

    bool is_ended_cleanly = false;  ///< whether the server has sent the close_notify of TLS

private:
    void prepare(int receive_buffer) {
        const timeval limit{.tv_sec = std::chrono::seconds(hang_limit).count(), .tv_usec = 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (receive_buffer > 0)
            ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }

    void connect(const sockaddr& address, socklen_t size) {
        if (::connect(socket_.get(), &address, size) != 0)
            throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }

    void receive_some() {
        char part[65536];
        const ssize_t count =
            tls_ ? SSL_read(tls_.get(), part, sizeof part) : ::recv(socket_.get(), part, sizeof part, 0);
        if (tls_ && SSL_get_error(tls_.get(), static_cast<int>(count)) == SSL_ERROR_ZERO_RETURN)
            is_ended_cleanly = true;
        if (count == 0 || (count < 0 && errno == ECONNRESET)) throw Closed("the server closed the connection");
        if (count < 0) throw std::runtime_error(std::string("recv: ") + std::strerror(errno));
        received_.append(part, static_cast<std::size_t>(count));
    }

    FileDescriptor socket_;
    std::unique_ptr<SSL, FreeTls> tls_;
    std::string received_;
};

}  // namespace reprieve::tests
