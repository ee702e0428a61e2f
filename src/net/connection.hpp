#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/file.hpp"
#include "net/deadline.hpp"
#include "net/endpoint.hpp"
#include "net/name_lookup.hpp"
#include "net/tls_trust.hpp"

namespace reprieve::net {

/// TCP connection to a server, with or without TLS. Only one thread at a time may use it. Each function throws
/// unavailable with the reason if it fails or is not done by its deadline. Do not use the connection after such an
/// error.
class Connection {
public:
    /// Connects to the server. Tries the addresses of the host one after another until one answers. `trust` is needed
    /// only for TLS, and must outlive the connection. Throws bad_request if `endpoint.address` is not a numeric
    /// address.
    Connection(const Endpoint& endpoint, const TlsTrust* trust, const Deadline& deadline);
    ~Connection();

    /// Blocks until all bytes are sent.
    void write(std::string_view bytes, const Deadline& deadline);

    /// Blocks until at least one byte arrives, and returns the number of bytes written to `buffer`. Returns 0 if the
    /// server has ended the connection. If the connection uses TLS, its end without a close_notify is an error.
    /// Requires: `buffer` is not empty.
    std::size_t read(std::span<char> buffer, const Deadline& deadline);

    /// Returns true if no unread bytes have arrived and the server has not closed the connection. Check this before you
    /// use an idle connection for another request. Does not block.
    bool is_quiet() const;

private:
    class Tls;

    void send_all(std::string_view bytes, const Deadline& deadline);
    std::size_t receive(std::span<char> buffer, const Deadline& deadline);

    FileDescriptor socket_;
    std::unique_ptr<Tls> tls_;
};

}  // namespace reprieve::net
