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

/// A connection over TCP, with TLS or without. Used by one thread at a time. Whatever fails, or takes longer than the
/// deadline, throws unavailable with the reason; the connection is of no use afterwards.
class Connection {
public:
    /// Connects; the addresses of a name are tried one after another. `trust` is needed for TLS alone, and outlives
    /// this.
    Connection(const Endpoint& endpoint, const TlsTrust* trust, const Deadline& deadline);
    ~Connection();

    void write(std::string_view bytes, const Deadline& deadline);

    /// At least one byte, or 0 where the server has ended the connection in good order.
    std::size_t read(std::span<char> buffer, const Deadline& deadline);

    /// True while the server has sent nothing and not hung up: a kept connection that can be used again.
    bool is_quiet() const;

private:
    class Tls;

    void send_all(std::string_view bytes, const Deadline& deadline);
    std::size_t receive(std::span<char> buffer, const Deadline& deadline);

    FileDescriptor socket_;
    std::unique_ptr<Tls> tls_;
};

}  // namespace reprieve::net
