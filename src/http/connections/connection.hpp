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

/// First byte that a client sends if it starts a TLS handshake (RFC 8446, 5.1).
inline constexpr char tls_handshake_record = 22;

class TlsContext;

/// State of a connection. The connection belongs to the poller in all states except `running`.
enum class Phase {
    idle,       ///< no byte of the next request has arrived
    head,       ///< a part of a head has arrived
    body,       ///< a part of a small body has arrived, or the rest of an old body is being skipped
    linger,     ///< the last answer is sent; input is dropped until the client closes
    handshake,  ///< the TLS handshake is not complete
    stream,     ///< the poller sends the answer's EventStream, without a worker
    running,    ///< a worker runs the request
};
constexpr std::size_t phase_count = 7;

/// Next step of a connection after its request.
enum class After {
    keep,    ///< wait for the next request
    stream,  ///< the answer continues: see Connection::stream
    linger,  ///< send no more, and drop the client's input until the client has read the answer and closes
    close,   ///< close at once, because the answer is incomplete
};

/// Connection of one client. It belongs to one thread at a time: the poller, or the worker that runs its request.
class Connection final : public ByteChannel {
public:
    /// Starts with a PlainTransport; assign `transport` to change to TLS. `min_transfer_rate` is in bytes per second,
    /// and is measured over `stall_timeout_us`.
    Connection(FileDescriptor socket, std::string peer, bool is_admin, std::int64_t stall_timeout_us,
               std::uint64_t min_transfer_rate);

    std::size_t receive(std::span<std::byte> out) override;
    void send(std::span<const std::byte> bytes) override;
    void start_deadline() override;
    std::function<void()> interrupter() override;

    /// Prepares for a new request: calls restart_meters(), and clears an interruption of the previous request.
    void begin_request();

    /// Starts new measurements of the peer's speed, and removes the deadline of start_deadline().
    void restart_meters();

    FileDescriptor socket;
    std::unique_ptr<Transport> transport;  ///< never null
    const std::string peer;
    const std::optional<IpAddress> address;  ///< peer's address; nullopt on the admin socket
    const bool is_admin;
    const TlsContext* tls = nullptr;  ///< creates the TLS transport at the client's first byte; null: plain HTTP
    bool is_secure = false;           ///< `transport` is TLS now
    InputBuffer input;

    // The next request, as far as the poller has received it.
    std::size_t scanned = 0;          ///< offset in `input` up to which find_head_end() has looked
    std::uint64_t to_skip = 0;        ///< unread bytes of the last request's body, to be dropped
    std::optional<RequestHead> head;  ///< set when the head is complete
    ClientPolicy::Origin origin;      ///< sender of the request
    std::optional<Error> failure;     ///< error to answer with, instead of running the request
    std::uint64_t dropped_bytes = 0;  ///< input dropped in the phase `linger` or `stream`
    bool is_output_awaited = false;   ///< true: wait until the socket is writable; false: until it is readable

    // An answer that continues without a worker.
    std::shared_ptr<EventStream> stream;  ///< source of the bytes; never null in the phase `stream`
    std::string output;                   ///< bytes taken from `stream` that are not written yet

    // State that belongs to the poller. Only the thread to which the connection belongs changes it, with the poller's
    // mutex held. Other threads read it with that mutex held.
    Phase phase = Phase::idle;
    bool is_closed = false;
    bool is_watched = false;         ///< registered with epoll
    std::size_t gathered_bytes = 0;  ///< bytes of `input` that the poller counts in its gathered_bytes_
    std::int64_t deadline_us = 0;    ///< time at which `phase` must end, on the clock of steady_us()
    /// Position in the poller's list of `phase`.
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
    FileDescriptor wakeup_;  ///< eventfd that ends a wait for input; made by interrupter()
};

/// Returns the microseconds of a clock that never jumps (std::chrono::steady_clock).
std::int64_t steady_us();

}  // namespace reprieve::http
