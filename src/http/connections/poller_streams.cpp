#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "http/connections/poller.hpp"

// The answers that go on without a worker: what there is for them is written as their clients take it.
namespace reprieve::http {
namespace {

// What the kernel may hold for a client that does not read, and how long it waits for one that is gone.
constexpr int send_buffer_bytes = 16 << 10;
constexpr unsigned unanswered_ms = 30'000;
// A client has nothing more to say; some send an empty line or two.
constexpr std::uint64_t max_ignored_bytes = 4096;

}  // namespace

/// From a worker: the head of the answer is sent.
void Poller::keep_open(Connection& connection) {
    const int socket = connection.socket.get();
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
    connection.input.consume(connection.input.view().size());
    connection.dropped_bytes = 0;
    // As soon as it waits, it may be closed by the other thread.
    const std::shared_ptr<EventStream> stream = connection.stream;
    park(connection, Phase::stream);
    stream->attach([this] {
        if (!streams_wait_.exchange(true)) ::eventfd_write(wake_.get(), 1);
    });
}

/// Writes what has been sent over any of them. There are few enough to look at each.
void Poller::serve_streams() {
    if (!streams_wait_.exchange(false)) return;
    std::vector<Connection*> all;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& connection : list_of(Phase::stream)) all.push_back(connection.get());
    }
    for (Connection* const connection : all) serve_stream(*connection, true);
}

/// Takes the next step of one: nothing of what still comes from its client is looked at.
void Poller::serve_stream(Connection& connection, bool is_only_output) {
    bool goes_on = true;
    if (!is_only_output) {
        const Step step = connection.transport->read(scratch_);
        connection.dropped_bytes += step.bytes;
        goes_on = step.progress != Progress::ended && step.progress != Progress::broken &&
                  connection.dropped_bytes <= max_ignored_bytes;
    }
    goes_on = goes_on && write_stream(connection);
    const std::lock_guard lock(mutex_);
    goes_on ? watch(connection) : close(connection);
}

/// False where it is over.
bool Poller::write_stream(Connection& connection) {
    while (true) {
        if (connection.output.empty()) {
            auto [bytes, is_open] = connection.stream->take();
            connection.output = std::move(bytes);
            connection.is_output_awaited = false;
            if (connection.output.empty()) return is_open;
        }
        const Step step = connection.transport->write(std::as_bytes(std::span(connection.output)));
        connection.output.erase(0, step.bytes);
        if (step.progress == Progress::moved) continue;
        connection.is_output_awaited = step.progress == Progress::wants_output;
        const bool waits = connection.is_output_awaited || step.progress == Progress::wants_input;
        return waits && connection.stream->is_open();
    }
}

}  // namespace reprieve::http
