#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/ip_address.hpp"
#include "http/clients/client_policy.hpp"
#include "http/connections/byte_channel.hpp"
#include "http/connections/input_buffer.hpp"
#include "http/connections/transfer_meter.hpp"
#include "http/connections/transport.hpp"
#include "http/wire/event_stream.hpp"
#include "http/wire/request_head.hpp"

namespace reprieve::http {

/// The first byte of what a client sends that begins with TLS (RFC 8446, 5.1).
inline constexpr char tls_handshake_record = 22;

class TlsContext;

/// What a connection is doing. All but `running` are in the hands of the poller.
enum class Phase {
    idle,       ///< no byte of a next request yet
    head,       ///< a part of a head
    body,       ///< a part of a small body, or the rest of one that is being skipped
    linger,     ///< the last answer is sent; what still comes is dropped until the client closes
    handshake,  ///< of TLS
    stream,     ///< its answer goes on, without a worker
    running,    ///< a worker has it
};
constexpr std::size_t phase_count = 7;

/// What becomes of a connection after its request.
enum class After {
    keep,    ///< it waits for the next request
    stream,  ///< its answer goes on: see Connection::stream
    linger,  ///< our side ends; what the client still sends is dropped until it has read the answer
    close,   ///< at once: the answer is not whole
};

/// One client's connection. It belongs to one thread at a time: the poller, or the worker that runs its
/// request.
class Connection final : public ByteChannel {
public:
    /// Speaks plainly, until another transport is put in.
    Connection(FileDescriptor socket, std::string peer, bool is_admin, std::int64_t stall_timeout_us,
               std::uint64_t min_transfer_rate);

    std::size_t receive(std::span<std::byte> out) override;
    void send(std::span<const std::byte> bytes) override;
    void start_deadline() override;
    std::function<void()> interrupter() override;

    /// Begins a request: restarts the meters, and forgets an interruption of the one before.
    void begin_request();

    /// Begins a new measure of how fast the peer is, and lifts the deadline.
    void restart_meters();

    FileDescriptor socket;
    std::unique_ptr<Transport> transport;  ///< never null
    const std::string peer;
    const std::optional<IpAddress> address;  ///< of the peer; nothing on the admin socket
    const bool is_admin;
    const TlsContext* tls = nullptr;  ///< what makes its transport, once the client has spoken; null: it stays plain
    bool is_secure = false;           ///< it speaks TLS now
    InputBuffer input;

    // The next request, as far as the poller has it.
    std::size_t scanned = 0;          ///< see find_head_end
    std::uint64_t to_skip = 0;        ///< left of the last request's body, to be dropped
    std::optional<RequestHead> head;  ///< once it is whole
    ClientPolicy::Origin origin;      ///< of the request
    std::optional<Error> failure;     ///< what to answer instead of running a request
    std::uint64_t dropped_bytes = 0;  ///< while lingering, or while its answer goes on

    // An answer that goes on.
    std::shared_ptr<EventStream> stream;  ///< what there is to say; never null in that phase
    std::string output;                   ///< taken from it, not written yet

    // The poller's book-keeping, under its lock.
    Phase phase = Phase::idle;
    bool is_closed = false;
    bool is_watched = false;
    bool is_output_awaited = false;  ///< rather than input
    std::size_t gathered_bytes = 0;  ///< counted in the poller's sum
    std::int64_t deadline_us = 0;
    std::list<std::unique_ptr<Connection>>::iterator place;

private:
    static constexpr std::int64_t no_deadline = std::numeric_limits<std::int64_t>::max();

    void wait(Progress wanted, TransferMeter& meter) const;

    std::int64_t stall_timeout_us_;
    std::uint64_t min_transfer_rate_;
    TransferMeter receive_meter_;
    TransferMeter send_meter_;
    std::int64_t transfer_deadline_us_ = no_deadline;
    std::atomic<bool> is_interrupted_ = false;
    FileDescriptor wakeup_;  ///< an eventfd that ends a wait for input; made only for what can be interrupted
};

/// Microseconds on a clock that never jumps.
std::int64_t steady_us();

}  // namespace reprieve::http
