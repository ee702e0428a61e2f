#include <fcntl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

#include "http/connections/listening_socket.hpp"
#include "http/connections/poller.hpp"

// Admission of connections to the poller, and refusal when there are too many.
namespace reprieve::http {
namespace {

constexpr int accepts_per_round = 64;
// Connections beyond max_connections that are kept open for a moment, so that their clients can read the refusal.
constexpr std::size_t refusals_at_a_time = 64;

}  // namespace

FileDescriptor Poller::open_spare() { return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

void Poller::accept_all(Listener& listener) {
    for (int i = 0; i < accepts_per_round; ++i) {
        std::string peer;
        FileDescriptor socket = accept_from(listener.socket, peer);
        if (!socket) {
            const int why = errno;
            if (why == EAGAIN || why == EWOULDBLOCK) return;
            if (why == EINTR || why == ECONNABORTED || why == EPROTO) continue;
            // No descriptor or memory is free. Close a waiting connection. If there is none, drop this client and pause
            // the listener. Otherwise the listener would stay readable and the loop would spin.
            if (make_room()) continue;
            spare_.reset();
            accept_from(listener.socket, peer).reset();
            spare_ = open_spare();
            pause(listener);
            return;
        }
        admit(std::move(socket), std::move(peer), listener);
    }
}

/// Makes room for a new client: closes the connection that has been longest in its phase, of those that are idle or in
/// a handshake, a head or a small body. So clients that only hold connections keep nobody out. Never closes a
/// connection of the admin socket. Returns false if there is none to close.
bool Poller::make_room() {
    const MutexLock lock(mutex_);
    Connection* longest = nullptr;
    std::int64_t longest_since_us = 0;
    for (const Phase phase : {Phase::handshake, Phase::idle, Phase::head, Phase::body}) {
        const List& list = list_of(phase);
        const auto oldest = std::ranges::find_if(list, [](const auto& connection) { return !connection->is_admin; });
        if (oldest == list.end()) continue;
        const std::int64_t since_us = (*oldest)->deadline_us - time_in(phase);
        if (longest != nullptr && longest_since_us <= since_us) continue;
        longest = oldest->get();
        longest_since_us = since_us;
    }
    if (longest == nullptr) return false;
    close(*longest);
    return true;
}

void Poller::admit(FileDescriptor socket, std::string peer, const Listener& listener) {
    bool is_full = false;
    {
        const MutexLock lock(mutex_);
        if (stopping_) return;
        // The admin socket has no limit: an operator must be able to connect during an overload.
        const std::size_t count = count_ - admin_count_;
        if (!listener.is_admin && count >= limits_.max_connections + refusals_at_a_time) return;
        is_full = !listener.is_admin && count >= limits_.max_connections;
    }
    auto owned = std::make_unique<Connection>(std::move(socket), std::move(peer), listener.is_admin,
                                              limits_.stall_timeout_us, limits_.min_transfer_rate);
    Connection& connection = *owned;
    connection.tls = listener.tls.get();
    auto welcome = ClientPolicy::Welcome::served;
    if (connection.address) welcome = clients_.open(*connection.address, connection.tls != nullptr, steady_us());
    if (welcome == ClientPolicy::Welcome::dropped) return;
    if (is_full) is_full = !make_room();
    const Phase phase = connection.tls == nullptr ? Phase::idle : Phase::handshake;
    {
        const MutexLock lock(mutex_);
        List& list = list_of(phase);
        connection.phase = phase;
        connection.place = list.insert(list.end(), std::move(owned));
        connection.deadline_us = steady_us() + time_in(phase);
        ++count_;
        if (connection.is_admin) ++admin_count_;
        if (!is_full && welcome == ClientPolicy::Welcome::served) return watch(connection);
    }
    refuse(connection, is_full ? Error(ErrorKind::unavailable,
                                       "The server has reached its limit of connections: try again later, or raise "
                                       "server.max_connections.")
                               : Error(ErrorKind::too_many_requests,
                                       "Your address has reached its limit of connections: close some, or raise "
                                       "server.connections_per_address."));
}

/// Answers the client with `why`: at once, or after the handshake if the client uses TLS.
void Poller::refuse(Connection& connection, Error why) {
    connection.failure = std::move(why);
    if (connection.phase != Phase::handshake) return hand_over(connection);
    const MutexLock lock(mutex_);
    watch(connection);
}

void Poller::pause(Listener& listener) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener.socket.get(), nullptr);
    listener.is_paused = true;
}

void Poller::resume_listeners() {
    for (const auto& listener : listeners_) {
        if (!listener->is_paused) continue;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = listener.get();
        listener->is_paused = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener->socket.get(), &event) != 0;
    }
}

}  // namespace reprieve::http
