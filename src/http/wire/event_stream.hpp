#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/mutex.hpp"

namespace reprieve::http {

/// Body of an answer without a fixed end, such as text/event-stream. A handler puts it into its Response and keeps a
/// reference for send(). The poller writes the bytes, so the answer needs no thread. Any thread may call.
class EventStream {
public:
    /// `max_waiting_bytes`: most bytes that may wait until the client reads.
    explicit EventStream(std::size_t max_waiting_bytes = 4096) : max_waiting_bytes_(max_waiting_bytes) {}

    /// Queues text for the client; never blocks. If more than `max_waiting_bytes` would wait, ends the stream instead,
    /// which closes the connection. Does nothing if the stream is not open.
    void send(std::string_view text);

    /// Ends the answer and closes its connection. Bytes that still wait may be lost. Idempotent.
    void end();

    /// Returns false once the stream has ended: by end(), by send() beyond the limit, or because the connection is
    /// gone.
    bool is_open() const;

    // Only the server that sends the stream may call the functions below.

    /// Registers a function that is called whenever take() would return something new, and at once if take() would do
    /// so already. `wake` is called on any thread, with the stream's lock held, so it must not call the stream.
    void attach(std::function<void()> wake);

    struct Taken {
        std::string bytes;
        bool is_open;  ///< false once the stream has ended
    };
    /// Removes the waiting bytes and returns them.
    Taken take();

    /// Ends the stream because the connection is gone: drops the waiting bytes and the `wake` function.
    void detach();

private:
    const std::size_t max_waiting_bytes_;
    mutable Mutex mutex_;
    std::function<void()> wake_ GUARDED_BY(mutex_);
    std::string waiting_ GUARDED_BY(mutex_);
    bool is_open_ GUARDED_BY(mutex_) = true;
};

}  // namespace reprieve::http
