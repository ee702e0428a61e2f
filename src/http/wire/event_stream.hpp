#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace reprieve::http {

/// The body of an answer that goes on for as long as both sides like, such as text/event-stream. It holds no thread:
/// a handler puts one into its Response, somebody keeps it, and what is sent is written by the poller. Any thread may
/// call.
class EventStream {
public:
    /// `max_waiting_bytes` may wait for the client.
    explicit EventStream(std::size_t max_waiting_bytes = 4096) : max_waiting_bytes_(max_waiting_bytes) {}

    /// Sends the text, and never waits. A client that reads too slowly for it loses the connection.
    void send(std::string_view text);

    /// Ends the answer, and the connection with it; what still waits may be lost.
    void end();

    /// False once either side has ended it.
    bool is_open() const;

    // For the server that it is given to.

    /// `wake` is called, by any thread and under a lock, whenever take() has something new to say; now, if it has.
    void attach(std::function<void()> wake);

    struct Taken {
        std::string bytes;
        bool is_open;
    };
    /// What waits.
    Taken take();

    /// The connection is gone: wake is not called any more.
    void detach();

private:
    const std::size_t max_waiting_bytes_;
    mutable std::mutex mutex_;
    std::function<void()> wake_;
    std::string waiting_;
    bool is_open_ = true;
};

}  // namespace reprieve::http
