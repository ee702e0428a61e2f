#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace reprieve::http {

/// The two directions of a connection, as the reader of a body sees them; a test puts a fake in.
class ByteChannel {
public:
    virtual ~ByteChannel() = default;

    /// Waits for at least one byte; 0 where the peer has ended its side. Throws timeout or disconnected.
    virtual std::size_t receive(std::span<std::byte> out) = 0;

    /// Sends all of it. Throws timeout or disconnected.
    virtual void send(std::span<const std::byte> bytes) = 0;

    /// From now on all that is moved has to be through within the stall timeout, however steadily it moves.
    virtual void start_deadline() = 0;

    /// Returns a function that has a waiting receive(), and any later one of this request, end as if the peer had ended
    /// its side. Any thread may call it while the request runs.
    virtual std::function<void()> interrupter() = 0;
};

}  // namespace reprieve::http
