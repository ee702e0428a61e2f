#pragma once

#include <openssl/types.h>

#include <memory>

#include "http/connections/transport.hpp"

namespace reprieve::http {

struct FreeSsl {
    void operator()(SSL* ssl) const;
};
using SslOwner = std::unique_ptr<SSL, FreeSsl>;

/// TLS over a socket, as the server's side.
class TlsTransport final : public Transport {
public:
    /// Takes a fresh session of a TlsContext. Throws internal where memory is short.
    TlsTransport(SslOwner ssl, int socket);

    Step handshake() override;
    Step read(std::span<std::byte> out) override;
    Step write(std::span<const std::byte> bytes) override;
    bool has_unread() const override;
    void end_output() override;

private:
    Step failed(int result);

    SslOwner ssl_;
    bool is_drained_ = false;  ///< what has been received is no whole record
    bool is_broken_ = false;
};

}  // namespace reprieve::http
