#pragma once

#include <openssl/types.h>

#include <memory>

#include "http/connections/transport.hpp"

namespace reprieve::http {

struct FreeSsl {
    void operator()(SSL* ssl) const;
};
using SslOwner = std::unique_ptr<SSL, FreeSsl>;

/// Server side of TLS over a socket.
class TlsTransport final : public Transport {
public:
    /// `ssl`: a new session with the settings of a TlsContext. `socket` must outlive the transport. Throws internal if
    /// OpenSSL has no memory.
    TlsTransport(SslOwner ssl, int socket);

    Step handshake() override;
    Step read(std::span<std::byte> out) override;
    Step write(std::span<const std::byte> bytes) override;
    bool has_unread() const override;
    void end_output() override;

private:
    Step failed(int result);

    SslOwner ssl_;
    bool is_drained_ = false;  ///< OpenSSL holds no complete record: the next read needs more input
    bool is_broken_ = false;   ///< a call failed for good; do not call OpenSSL again for this session
};

}  // namespace reprieve::http
