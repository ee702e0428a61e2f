#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "http/connections/poller.hpp"

// Answers that continue without a worker: the poller writes each EventStream as fast as its client reads.
namespace reprieve::http {
namespace {

// Bytes that the kernel may hold for a client that does not read.
constexpr int send_buffer_bytes = 16 << 10;
// Milliseconds until the kernel drops a client that acknowledges nothing.
constexpr unsigned unanswered_ms = 30'000;
// Input that is ignored while a client reads a stream; beyond this its connection is closed. A client has no reason to
// send anything then, but some send an empty line or two.
constexpr std::uint64_t max_ignored_bytes = 4096;

}  // namespace

/// Takes over a connection from a worker that has sent the head of the answer.
void Poller::keep_open(Connection& connection) {
    const int socket = connection.socket.get();
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
    connection.input.consume(connection.input.view().size());
    connection.dropped_bytes = 0;
    // Keep the stream alive: the poller's thread may close and free the connection as soon as the connection is parked.
    const std::shared_ptr<EventStream> stream = connection.stream;
    park(connection, Phase::stream);
    stream->attach([this] {
        if (!streams_wait_.exchange(true)) ::eventfd_write(wake_.get(), 1);
    });
}

/// Writes the waiting bytes of all streams. There are few streams, so it is cheap to look at each.
void Poller::serve_streams() {
    if (!streams_wait_.exchange(false)) return;
    std::vector<Connection*> all;
    {
        const MutexLock lock(mutex_);
        for (const auto& connection : list_of(Phase::stream)) all.push_back(connection.get());
    }
    for (Connection* const connection : all) serve_stream(*connection, true);
}

/// Writes the stream of one connection. Unless `is_only_output` is set, also reads and drops the client's input, which
/// shows whether the client is gone.
void Poller::serve_stream(Connection& connection, bool is_only_output) {
    bool goes_on = true;
    if (!is_only_output) {
        const Step step = connection.transport->read(scratch_);
        connection.dropped_bytes += step.bytes;
        goes_on = step.progress != Progress::ended && step.progress != Progress::broken &&
                  connection.dropped_bytes <= max_ignored_bytes;
    }
    goes_on = goes_on && write_stream(connection);
    const MutexLock lock(mutex_);
    goes_on ? watch(connection) : close(connection);
}

/// Writes until no bytes are left in the stream, or until the socket takes no more. Returns false if the connection
/// must be closed.
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
