#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace reprieve::http {

/// Interface through which the reader of a body receives and sends on a connection. Tests replace it with a fake. Use
/// it only on the thread that runs the request.
class ByteChannel {
public:
    virtual ~ByteChannel() = default;

    /// Blocks until at least one byte arrives, and returns the number of bytes; 0 if the peer has ended its side.
    /// Throws timeout or disconnected. Requires: `out` is not empty.
    virtual std::size_t receive(std::span<std::byte> out) = 0;

    /// Blocks until all bytes are sent. Throws timeout or disconnected.
    virtual void send(std::span<const std::byte> bytes) = 0;

    /// Starts one deadline for all further transfers of this request: stall_timeout from now. After the deadline,
    /// receive() and send() throw timeout, even if bytes keep moving.
    virtual void start_deadline() = 0;

    /// Returns a function that makes receive() return 0, as if the peer had ended its side. It affects a waiting
    /// receive() and all later ones of this request. Any thread may call that function while the request runs.
    virtual std::function<void()> interrupter() = 0;
};

}  // namespace reprieve::http
