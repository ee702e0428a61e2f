#pragma once

#include <cstddef>
#include <span>

namespace reprieve::http {

/// How one step on a transport went, none of which waits.
enum class Progress {
    moved,         ///< bytes went through, or the handshake is done
    wants_input,   ///< to be tried again once the socket is readable
    wants_output,  ///< to be tried again, with the same bytes, once the socket is writable
    ended,         ///< the peer has ended its side
    broken,        ///< nothing can be moved any more
};

struct Step {
    Progress progress;
    std::size_t bytes = 0;  ///< that were moved: at least one
};

/// The bytes of one connection over a non-blocking socket that somebody else owns: plain, or over TLS. Used by one
/// thread at a time.
class Transport {
public:
    virtual ~Transport() = default;

    /// Where there is a handshake, it comes before all else.
    virtual Step handshake() { return {Progress::moved}; }

    virtual Step read(std::span<std::byte> out) = 0;
    virtual Step write(std::span<const std::byte> bytes) = 0;

    /// True where the next read can give bytes that no event of the socket will tell of.
    virtual bool has_unread() const { return false; }

    /// Says, as far as that goes without waiting, that all was sent. Nothing is written afterwards.
    virtual void end_output() {}
};

/// The bytes as they are.
class PlainTransport final : public Transport {
public:
    explicit PlainTransport(int socket) : socket_(socket) {}

    Step read(std::span<std::byte> out) override;
    Step write(std::span<const std::byte> bytes) override;

private:
    int socket_;
};

}  // namespace reprieve::http
