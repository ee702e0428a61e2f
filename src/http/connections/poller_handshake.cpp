#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "http/connections/poller.hpp"

// TLS handshakes of the poller: one step whenever bytes arrive, without a worker.
namespace reprieve::http {
/// Takes the next step of the handshake. All steps together must end within header_timeout.
void Poller::shake_hands(Connection& connection) {
    if (!begin_handshake(connection)) return;
    const Step step = connection.transport->handshake();
    if (step.progress == Progress::moved) {
        // The first request often arrives together with the end of the handshake.
        connection.failure ? hand_over(connection) : receive(connection);
        return;
    }
    const MutexLock lock(mutex_);
    connection.is_output_awaited = step.progress == Progress::wants_output;
    const bool goes_on = connection.is_output_awaited || step.progress == Progress::wants_input;
    goes_on ? watch(connection) : close(connection);
}

/// Begins the handshake once the client's first byte is there, and creates the TLS transport only then: a silent client
/// costs no memory for TLS. A client that speaks plain HTTP gets an error that it can read. Returns true if the caller
/// must take the next step of the handshake; false if no byte is there yet, or the connection was answered or closed.
bool Poller::begin_handshake(Connection& connection) {
    if (connection.tls == nullptr || connection.is_secure) return true;
    std::array<char, 1> first{};
    const ssize_t count = ::recv(connection.socket.get(), first.data(), first.size(), MSG_PEEK);
    if (count == 1 && first[0] >= 'A' && first[0] <= 'Z') {
        connection.tls = nullptr;
        connection.failure =
            Error(ErrorKind::bad_request, "This port speaks https: write https:// instead of http://.");
        hand_over(connection);
        return false;
    }
    if (count == 1 && first[0] == tls_handshake_record) {
        try {
            connection.transport = connection.tls->accept(connection.socket.get());
            connection.is_secure = true;
            return true;
        } catch (const Error&) {
            // OpenSSL has no memory for one more connection, so this connection is closed below.
        }
    }
    const bool again = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    const MutexLock lock(mutex_);
    again ? watch(connection) : close(connection);
    return false;
}

}  // namespace reprieve::http
