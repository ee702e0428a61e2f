#pragma once

#include <cstddef>
#include <span>

namespace reprieve::http {

/// Result of one step on a transport. Steps never block.
enum class Progress {
    moved,         ///< bytes were moved, or the handshake is complete
    wants_input,   ///< retry once the socket is readable
    wants_output,  ///< retry with the same bytes once the socket is writable
    ended,         ///< the peer has ended its side
    broken,        ///< the connection is unusable
};

struct Step {
    Progress progress;
    std::size_t bytes = 0;  ///< bytes that were moved; at least 1 after `moved`, except for a handshake
};

/// Byte transport of one connection, plain or TLS, over a non-blocking socket that it does not own. Use it on one
/// thread at a time.
class Transport {
public:
    virtual ~Transport() = default;

    /// Takes one step of the TLS handshake. Call it until it returns `moved`, before read() and write(). A plain
    /// transport needs no handshake.
    virtual Step handshake() { return {Progress::moved}; }

    /// Reads the available bytes, as far as they fit into `out`. Requires: `out` is not empty.
    virtual Step read(std::span<std::byte> out) = 0;
    /// Writes `bytes`, or as many of the first ones as the socket takes. Requires: `bytes` is not empty.
    virtual Step write(std::span<const std::byte> bytes) = 0;

    /// Returns true if read() may return bytes that are already buffered. No event of the socket announces such bytes.
    virtual bool has_unread() const { return false; }

    /// Tells the peer, as far as possible without blocking, that no more bytes follow. Do not call write() afterwards.
    virtual void end_output() {}
};

/// Transport without encryption.
class PlainTransport final : public Transport {
public:
    explicit PlainTransport(int socket) : socket_(socket) {}

    Step read(std::span<std::byte> out) override;
    Step write(std::span<const std::byte> bytes) override;

private:
    int socket_;
};

}  // namespace reprieve::http
