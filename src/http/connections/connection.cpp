#include "http/connections/connection.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace reprieve::http {
std::int64_t steady_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

Connection::Connection(FileDescriptor fd, std::string peer_address, bool admin, std::int64_t stall_timeout_us,
                       std::uint64_t min_transfer_rate)
    : socket(std::move(fd)),
      transport(std::make_unique<PlainTransport>(socket.get())),
      peer(std::move(peer_address)),
      address(admin ? std::nullopt : IpAddress::parse(peer)),
      is_admin(admin),
      stall_timeout_us_(stall_timeout_us),
      min_transfer_rate_(min_transfer_rate),
      receive_meter_(stall_timeout_us, min_transfer_rate),
      send_meter_(stall_timeout_us, min_transfer_rate) {}

void Connection::restart_meters() {
    receive_meter_ = TransferMeter(stall_timeout_us_, min_transfer_rate_);
    send_meter_ = receive_meter_;
    transfer_deadline_us_ = no_deadline;
}

void Connection::start_deadline() { transfer_deadline_us_ = steady_us() + stall_timeout_us_; }

void Connection::begin_request() {
    restart_meters();
    is_interrupted_ = false;
    wakeup_.reset();
}

// An eventfd ends a wait for input. shutdown(SHUT_RD) would end it, too, but then Linux opens no receive window any
// more: a client in the middle of a large body could neither send the rest nor read its answer, until its probes of the
// window end after two minutes.
std::function<void()> Connection::interrupter() {
    if (!wakeup_) wakeup_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wakeup_) throw_errno("cannot make an eventfd", errno);
    return [this] {
        is_interrupted_ = true;
        ::eventfd_write(wakeup_.get(), 1);
    };
}

std::size_t Connection::receive(std::span<std::byte> out) {
    while (!is_interrupted_) {
        const Step step = transport->read(out);
        receive_meter_.moved(step.bytes);
        if (step.progress == Progress::moved) return step.bytes;
        if (step.progress == Progress::ended) return 0;
        wait(step.progress, receive_meter_);
    }
    return 0;
}

void Connection::send(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const Step step = transport->write(bytes);
        send_meter_.moved(step.bytes);
        bytes = bytes.subspan(step.bytes);
        if (step.progress != Progress::moved) wait(step.progress, send_meter_);
    }
}

/// Blocks until the socket is ready for `wanted`. Throws timeout if the peer is too slow or the deadline is over, and
/// disconnected if `wanted` is neither input nor output.
void Connection::wait(Progress wanted, TransferMeter& meter) const {
    if (wanted != Progress::wants_input && wanted != Progress::wants_output)
        throw Error(ErrorKind::disconnected, "The client closed the connection.");
    const short events = wanted == Progress::wants_input ? POLLIN : POLLOUT;
    std::array<pollfd, 2> entries{{{socket.get(), events, 0}, {wakeup_.get(), POLLIN, 0}}};
    const nfds_t count = wakeup_ && events == POLLIN ? 2 : 1;
    const std::int64_t begin = steady_us();
    const std::int64_t left_us = std::min(meter.left_us(), transfer_deadline_us_ - begin);
    const std::int64_t timeout_ms = std::clamp<std::int64_t>(left_us / 1000 + 1, 1, 1'000'000);
    const bool is_ready = ::poll(entries.data(), count, static_cast<int>(timeout_ms)) > 0;
    const std::int64_t end = steady_us();
    if (end >= transfer_deadline_us_)
        throw Error(ErrorKind::timeout, "The client took too long over a small body or answer; see stall_timeout.");
    if (!meter.waited(end - begin, is_ready))
        throw Error(ErrorKind::timeout, "The client moved too few bytes for too long; see min_transfer_rate.");
}

}  // namespace reprieve::http
