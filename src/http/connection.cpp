#include "http/connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace reprieve::http {
namespace {

[[noreturn]] void gone() { throw Error(ErrorKind::disconnected, "The client closed the connection."); }

bool would_block(int error_number) { return error_number == EAGAIN || error_number == EWOULDBLOCK; }

}  // namespace

std::int64_t steady_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

Connection::Connection(FileDescriptor fd, std::string address, bool admin, std::int64_t stall_timeout_us,
                       std::uint64_t min_transfer_rate)
    : socket(std::move(fd)),
      peer(std::move(address)),
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

std::size_t Connection::receive(std::span<std::byte> out) {
    while (true) {
        const ssize_t count = ::recv(socket.get(), out.data(), out.size(), 0);
        if (count >= 0) {
            receive_meter_.moved(static_cast<std::uint64_t>(count));
            return static_cast<std::size_t>(count);
        }
        if (would_block(errno))
            wait(POLLIN, receive_meter_);
        else if (errno != EINTR)
            gone();
    }
}

void Connection::send(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) {
            send_meter_.moved(static_cast<std::uint64_t>(count));
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (count < 0 && would_block(errno)) {
            wait(POLLOUT, send_meter_);
        } else if (count == 0 || errno != EINTR) {
            gone();
        }
    }
}

void Connection::wait(short events, TransferMeter& meter) const {
    pollfd entry{socket.get(), events, 0};
    const std::int64_t begin = steady_us();
    const std::int64_t left_us = std::min(meter.left_us(), transfer_deadline_us_ - begin);
    const std::int64_t timeout_ms = std::clamp<std::int64_t>(left_us / 1000 + 1, 1, 1'000'000);
    ::poll(&entry, 1, static_cast<int>(timeout_ms));
    const std::int64_t end = steady_us();
    if (end >= transfer_deadline_us_)
        throw Error(ErrorKind::timeout, "The client took too long over a small body or answer; see stall_timeout.");
    if (!meter.waited(end - begin))
        throw Error(ErrorKind::timeout, "The client moved too few bytes for too long; see min_transfer_rate.");
}

}  // namespace reprieve::http
