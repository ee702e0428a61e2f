#include "http/connections/tls_transport.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

#include "base/error.hpp"

namespace reprieve::http {
namespace {

// Functions of our own socket BIO, OpenSSL's interface for input and output. OpenSSL's socket BIO writes without
// MSG_NOSIGNAL, so a client that goes away would end the process by SIGPIPE.

int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool is_passing(int error_number) {
    return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
}

int write_socket(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
    const ssize_t count = ::send(socket_of(bio), data, size, MSG_NOSIGNAL);
    BIO_clear_retry_flags(bio);
    if (count < 0 && is_passing(errno)) BIO_set_retry_write(bio);
    *written = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count > 0;
}

int read_socket(BIO* bio, char* out, std::size_t size, std::size_t* read) {
    const ssize_t count = ::recv(socket_of(bio), out, size, 0);
    BIO_clear_retry_flags(bio);
    if (count < 0 && is_passing(errno)) BIO_set_retry_read(bio);
    if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    *read = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count > 0;
}

long control_socket(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH;
}

const BIO_METHOD* socket_method() {
    static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method = [] {
        std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> made(
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals"), &BIO_meth_free);
        if (!made) throw Error(ErrorKind::internal, "OpenSSL has no memory for a socket BIO");
        BIO_meth_set_write_ex(made.get(), write_socket);
        BIO_meth_set_read_ex(made.get(), read_socket);
        BIO_meth_set_ctrl(made.get(), control_socket);
        return made;
    }();
    return method.get();
}

}  // namespace

void FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

TlsTransport::TlsTransport(SslOwner ssl, int socket) : ssl_(std::move(ssl)) {
    BIO* const bio = BIO_new(socket_method());
    if (bio == nullptr) throw Error(ErrorKind::internal, "OpenSSL has no memory for one more connection");
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
}

Step TlsTransport::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? Step{Progress::moved} : failed(result);
}

Step TlsTransport::read(std::span<std::byte> out) {
    if (is_broken_) return {Progress::broken};
    std::size_t filled = 0;
    do {
        std::size_t count = 0;
        ERR_clear_error();
        const int result = SSL_read_ex(ssl_.get(), out.data() + filled, out.size() - filled, &count);
        if (result != 1) {
            const Step step = failed(result);
            return filled > 0 ? Step{Progress::moved, filled} : step;
        }
        is_drained_ = false;
        filled += count;
    } while (filled < out.size() && SSL_has_pending(ssl_.get()) != 0);
    return {Progress::moved, filled};
}

Step TlsTransport::write(std::span<const std::byte> bytes) {
    if (is_broken_) return {Progress::broken};
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    return result == 1 ? Step{Progress::moved, count} : failed(result);
}

bool TlsTransport::has_unread() const { return !is_drained_ && SSL_has_pending(ssl_.get()) != 0; }

void TlsTransport::end_output() {
    if (is_broken_ || SSL_in_init(ssl_.get()) != 0) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

/// Returns the Step for a call of OpenSSL that failed with `result`.
Step TlsTransport::failed(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            is_drained_ = true;
            return {Progress::wants_input};
        case SSL_ERROR_WANT_WRITE:
            return {Progress::wants_output};
        case SSL_ERROR_ZERO_RETURN:
            return {Progress::ended};
        default:
            // SSL_shutdown must not be called after such an error, and the error must not stay in the thread's queue.
            is_broken_ = true;
            ERR_clear_error();
            return {Progress::broken};
    }
}

}  // namespace reprieve::http
