#include "net/connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/error.hpp"

namespace reprieve::net {
namespace {

constexpr std::size_t chunk_bytes = 16 << 10;

[[noreturn]] void fail(const std::string& why) { throw Error(ErrorKind::unavailable, why); }

/// Blocks until one of `events` occurs. Throws unavailable when the deadline is over.
void wait_for(const FileDescriptor& socket, short events, const Deadline& deadline) {
    // Check the deadline even if bytes are ready: a server that sends byte by byte could otherwise delay the end
    // without limit.
    while (!deadline.is_over()) {
        pollfd entry{socket.get(), events, 0};
        const int count = ::poll(&entry, 1, deadline.poll_ms());
        if (count > 0) return;
        if (count < 0 && errno != EINTR) fail(std::string("waiting failed: ") + std::strerror(errno));
    }
    fail("no answer in time");
}

/// Connects to one address and returns the socket. On failure returns an empty descriptor and sets `error` to the errno
/// value.
FileDescriptor connect_to(const SocketAddress& address, const Deadline& deadline, int& error) {
    FileDescriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    error = 0;
    if (!socket || (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 &&
                    errno != EINPROGRESS)) {
        error = errno;
        return {};
    }
    pollfd entry{socket.get(), POLLOUT, 0};
    int count = 0;
    do {
        count = ::poll(&entry, 1, deadline.poll_ms());
    } while (count < 0 && errno == EINTR);
    socklen_t size = sizeof error;
    if (count <= 0)
        error = ETIMEDOUT;
    else
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return {};
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

FileDescriptor connect_to(const Endpoint& endpoint, const Deadline& deadline) {
    const auto addresses = endpoint.address ? std::vector{numeric_address(*endpoint.address, endpoint.port)}
                                            : look_up(endpoint.host, endpoint.port, deadline);
    int error = 0;
    for (std::size_t tried = 0; tried < addresses.size(); ++tried) {
        // An address that does not answer must leave time to try the others.
        const Deadline part = deadline.share(addresses.size() - tried);
        if (FileDescriptor socket = connect_to(addresses[tried], part, error)) return socket;
    }
    fail(std::strerror(error));
}

bool is_address(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

}  // namespace

/// TLS client in which OpenSSL reads from one memory buffer and writes to another one. OpenSSL never uses the socket
/// itself, so every wait obeys the deadline and no write raises SIGPIPE.
class Connection::Tls {
public:
    Tls(Connection& connection, const Endpoint& endpoint, const TlsTrust& trust)
        : connection_(connection), ssl_(::SSL_new(trust.context()), &::SSL_free) {
        if (!ssl_) throw Error(ErrorKind::internal, "OpenSSL cannot create a connection");
        in_ = ::BIO_new(::BIO_s_mem());
        out_ = ::BIO_new(::BIO_s_mem());
        ::SSL_set_bio(ssl_.get(), in_, out_);  // SSL_free() also frees in_ and out_
        if (is_address(endpoint.host)) {
            ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl_.get()), endpoint.host.c_str());
        } else {
            ::SSL_set1_host(ssl_.get(), endpoint.host.c_str());
            SSL_set_tlsext_host_name(ssl_.get(), endpoint.host.c_str());
        }
    }

    void handshake(const Deadline& deadline) {
        if (run([this] { return ::SSL_connect(ssl_.get()); }, deadline) == 0)
            fail("the server ended the connection in the TLS handshake");
    }

    void write(std::string_view bytes, const Deadline& deadline) {
        while (!bytes.empty()) {
            const auto part = bytes.substr(0, chunk_bytes);
            const auto count =
                run([&] { return ::SSL_write(ssl_.get(), part.data(), static_cast<int>(part.size())); }, deadline);
            if (count == 0) fail("the server ended the connection");
            bytes.remove_prefix(count);
        }
    }

    std::size_t read(std::span<char> buffer, const Deadline& deadline) {
        const auto size = static_cast<int>(std::min(buffer.size(), chunk_bytes));
        return run([&] { return ::SSL_read(ssl_.get(), buffer.data(), size); }, deadline);
    }

    bool has_buffered() const { return ::SSL_pending(ssl_.get()) > 0 || ::BIO_ctrl_pending(in_) > 0; }

private:
    /// Calls `step`, a function of OpenSSL, again and again with more bytes from the server until it succeeds. Returns
    /// the result of `step`, or 0 if the server ended TLS with a close_notify.
    template <typename Step>
    std::size_t run(Step step, const Deadline& deadline) {
        while (true) {
            ::ERR_clear_error();
            const int result = step();
            const int problem = result > 0 ? SSL_ERROR_NONE : ::SSL_get_error(ssl_.get(), result);
            flush(deadline);
            if (result > 0) return static_cast<std::size_t>(result);
            if (problem == SSL_ERROR_ZERO_RETURN) return 0;
            if (problem != SSL_ERROR_WANT_READ) fail(reason());
            std::array<char, chunk_bytes> part{};
            const std::size_t count = connection_.receive(part, deadline);
            // Without a close_notify, an attacker on the path may have cut the answer short (RFC 8446, 6.1).
            if (count == 0) fail("the connection ended without the close_notify of TLS");
            ::BIO_write(in_, part.data(), static_cast<int>(count));
        }
    }

    void flush(const Deadline& deadline) {
        std::array<char, chunk_bytes> part{};
        for (int count = 0; (count = ::BIO_read(out_, part.data(), static_cast<int>(part.size()))) > 0;)
            connection_.send_all({part.data(), static_cast<std::size_t>(count)}, deadline);
    }

    std::string reason() const {
        const long verified = ::SSL_get_verify_result(ssl_.get());
        if (verified != X509_V_OK)
            return std::string("its certificate is not trusted: ") + ::X509_verify_cert_error_string(verified);
        const char* text = ::ERR_reason_error_string(::ERR_peek_error());
        return std::string("TLS failed: ") + (text != nullptr ? text : "the server does not speak it");
    }

    Connection& connection_;
    std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
};

Connection::Connection(const Endpoint& endpoint, const TlsTrust* trust, const Deadline& deadline)
    : socket_(connect_to(endpoint, deadline)) {
    if (!endpoint.is_tls) return;
    if (trust == nullptr) throw Error(ErrorKind::internal, "a TLS connection needs a TlsTrust");
    tls_ = std::make_unique<Tls>(*this, endpoint, *trust);
    tls_->handshake(deadline);
}

Connection::~Connection() = default;

void Connection::write(std::string_view bytes, const Deadline& deadline) {
    if (tls_) return tls_->write(bytes, deadline);
    send_all(bytes, deadline);
}

std::size_t Connection::read(std::span<char> buffer, const Deadline& deadline) {
    return tls_ ? tls_->read(buffer, deadline) : receive(buffer, deadline);
}

bool Connection::is_quiet() const {
    if (tls_ && tls_->has_buffered()) return false;
    pollfd entry{socket_.get(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 0;
}

void Connection::send_all(std::string_view bytes, const Deadline& deadline) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(count));
        else if (errno == EAGAIN)
            wait_for(socket_, POLLOUT, deadline);
        else if (errno != EINTR)
            fail(std::strerror(errno));
    }
}

std::size_t Connection::receive(std::span<char> buffer, const Deadline& deadline) {
    while (true) {
        wait_for(socket_, POLLIN, deadline);
        const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EAGAIN && errno != EINTR) fail(std::strerror(errno));
    }
}

}  // namespace reprieve::net
