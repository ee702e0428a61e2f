#include "http/connections/transport.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace reprieve::http {
namespace {

bool would_block(int error_number) { return error_number == EAGAIN || error_number == EWOULDBLOCK; }

}  // namespace

Step PlainTransport::read(std::span<std::byte> out) {
    while (true) {
        const ssize_t count = ::recv(socket_, out.data(), out.size(), 0);
        if (count > 0) return {Progress::moved, static_cast<std::size_t>(count)};
        if (count == 0) return {Progress::ended};
        if (would_block(errno)) return {Progress::wants_input};
        if (errno != EINTR) return {Progress::broken};
    }
}

Step PlainTransport::write(std::span<const std::byte> bytes) {
    while (true) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) return {Progress::moved, static_cast<std::size_t>(count)};
        if (count < 0 && would_block(errno)) return {Progress::wants_output};
        if (count == 0 || errno != EINTR) return {Progress::broken};
    }
}

}  // namespace reprieve::http
