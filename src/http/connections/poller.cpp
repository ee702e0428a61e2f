#include "http/connections/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace reprieve::http {
namespace {

constexpr std::size_t scratch_bytes = 64 << 10;
constexpr std::int64_t stop_linger_us = 500'000;
// Maximum handshake steps in one round of the loop. A step takes up to a few milliseconds with the largest keys.
constexpr int max_handshakes_a_round = 4;

/// Returns the largest declared body, in bytes, that the poller receives before a worker takes the request. A body that
/// the poller receives blocks no worker if it does not arrive. Image data is streamed, so its limit is small.
std::uint64_t most_gathered(const RequestHead& head, const ConnectionLimits& limits) {
    const auto is_data = [](const auto& field) {
        return field.first == "content-type" && (field.second.starts_with("application/octet-stream") ||
                                                 field.second.starts_with("application/offset+octet-stream"));
    };
    if (std::ranges::any_of(head.headers, is_data)) return limits.max_small_body;
    return std::max(limits.max_small_body, limits.max_request_body);
}

}  // namespace

Poller::Poller(const ConnectionLimits& limits, Submit submit, Grow grow)
    : limits_(limits),
      submit_(std::move(submit)),
      grow_(std::move(grow)),
      clients_(limits.clients),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      scratch_(scratch_bytes) {
    if (!epoll_ || !wake_) throw_errno("cannot make the descriptors of the HTTP server", errno);
    const std::int64_t shortest = std::min(
        {limits_.header_timeout_us, limits_.idle_timeout_us, limits_.stall_timeout_us, limits_.linger_timeout_us});
    tick_ms_ = static_cast<int>(std::clamp<std::int64_t>(shortest / 4000, 5, 1000));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &wake_;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
}

Poller::~Poller() { stop(); }

void Poller::add_listener(FileDescriptor socket, bool is_admin, std::shared_ptr<const TlsContext> tls) {
    listeners_.push_back(std::make_unique<Listener>(Listener{std::move(socket), is_admin, std::move(tls)}));
}

void Poller::start() {
    for (const auto& listener : listeners_) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = listener.get();
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener->socket.get(), &event) != 0)
            throw_errno("cannot watch a listening socket", errno);
    }
    thread_ = std::thread([this] { run(); });
}

bool Poller::is_stopping() const {
    const MutexLock lock(mutex_);
    return stopping_;
}

void Poller::stop() {
    if (!thread_.joinable()) return;
    MutexLock lock(mutex_);
    stopping_ = true;
    ::eventfd_write(wake_.get(), 1);
    const auto in = [](std::int64_t us) { return std::chrono::steady_clock::now() + std::chrono::microseconds(us); };
    const auto none_runs = [this]() REQUIRES(mutex_) { return list_of(Phase::running).empty(); };
    if (!changed_.wait_until(lock, in(limits_.shutdown_timeout_us), none_runs)) {
        for (const auto& connection : list_of(Phase::running)) ::shutdown(connection->socket.get(), SHUT_RDWR);
        changed_.wait(lock, none_runs);
    }
    // Wait for lingering connections: closing them now could destroy last answers that the clients have not read yet.
    changed_.wait_until(lock, in(std::min(stop_linger_us, limits_.linger_timeout_us)),
                        [this]() REQUIRES(mutex_) { return list_of(Phase::linger).empty(); });
    finished_ = true;
    ::eventfd_write(wake_.get(), 1);
    lock.unlock();
    thread_.join();
}

void Poller::run() {
    std::array<epoll_event, 256> events;
    while (true) {
        const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), next_wait_ms());
        int handshakes = 0;
        for (int i = 0; i < count; ++i) {
            void* const source = events[static_cast<std::size_t>(i)].data.ptr;
            const auto listener = std::ranges::find(listeners_, source, [](const auto& l) { return l.get(); });
            if (listener != listeners_.end()) {
                accept_all(**listener);
            } else if (source == &wake_) {
                eventfd_t value = 0;
                ::eventfd_read(wake_.get(), &value);
            } else {
                on_event(*static_cast<Connection*>(source), handshakes);
            }
        }
        serve_streams();
        expire();
        resume_listeners();
        List closed;
        const MutexLock lock(mutex_);
        closed.swap(closed_);
        if (stopping_) {
            listeners_.clear();
            for (const Phase phase : {Phase::handshake, Phase::idle, Phase::head, Phase::body, Phase::stream})
                while (!list_of(phase).empty()) close(*list_of(phase).front());
        }
        if (finished_) {
            for (List& list : lists_) list.clear();
            return;
        }
    }
}

int Poller::next_wait_ms() {
    const int grow_ms = grow_();
    if (grow_ms >= 0) return grow_ms;
    const bool paused = std::ranges::any_of(listeners_, [](const auto& listener) { return listener->is_paused; });
    const MutexLock lock(mutex_);
    return count_ > 0 || !closed_.empty() || paused ? tick_ms_ : -1;
}

/// Handles one event of a connection. `handshakes` counts the handshake steps of this round.
void Poller::on_event(Connection& connection, int& handshakes) {
    {
        const MutexLock lock(mutex_);
        // Earlier in the same round, the connection may have been closed or passed to a worker.
        if (connection.is_closed || connection.phase == Phase::running) return;
        // Many simultaneous handshakes must not delay other connections, so further ones wait for the next round.
        if (connection.phase == Phase::handshake && ++handshakes > max_handshakes_a_round) {
            watch(connection);
            return;
        }
    }
    if (connection.phase == Phase::linger) {
        const bool goes_on = drop_incoming(connection);
        const MutexLock lock(mutex_);
        goes_on ? watch(connection) : close(connection);
        return;
    }
    if (connection.phase == Phase::stream) return serve_stream(connection, false);
    connection.phase == Phase::handshake ? shake_hands(connection) : receive(connection);
}

/// Reads the available bytes and calls advance(). Closes the connection if the client has ended it.
void Poller::receive(Connection& connection) {
    const Step step = connection.transport->read(scratch_);
    if (step.progress == Progress::ended || step.progress == Progress::broken) {
        const MutexLock lock(mutex_);
        close(connection);
        return;
    }
    connection.is_output_awaited = step.progress == Progress::wants_output;
    connection.input.append(std::span(scratch_).first(step.bytes));
    advance(connection);
}

/// Drops input of a client after its last answer. Returns false once the client has ended its side or has sent too
/// much.
bool Poller::drop_incoming(Connection& connection) {
    const ssize_t count = ::recv(connection.socket.get(), scratch_.data(), scratch_.size(), 0);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    connection.dropped_bytes += static_cast<std::uint64_t>(count);
    return count > 0 && connection.dropped_bytes <= limits_.max_linger_bytes;
}

/// Passes the connection to a worker if its request is complete or malformed; otherwise lets it wait for more bytes.
/// Called by the thread to which the connection belongs.
void Poller::advance(Connection& connection) {
    Phase phase = Phase::running;
    try {
        phase = gather(connection);
    } catch (const Error& error) {
        connection.failure = error;
        charge_unread(connection);
    }
    if (phase == Phase::running)
        hand_over(connection);
    else
        park(connection, phase);
}

/// Counts the request in the client's rate limit if its head could not be parsed. Above the limit, the failure becomes
/// too_many_requests.
void Poller::charge_unread(Connection& connection) {
    if (connection.head || !connection.address) return;
    try {
        clients_.charge(*connection.address, steady_us());
    } catch (const Error& error) {
        connection.failure = error;
    }
}

/// Parses the input. Returns `running` once a request can run, otherwise the phase in which the connection must wait.
Phase Poller::gather(Connection& connection) {
    InputBuffer& input = connection.input;
    if (connection.to_skip > 0) {
        const auto count = std::min<std::uint64_t>(connection.to_skip, input.view().size());
        input.consume(static_cast<std::size_t>(count));
        connection.to_skip -= count;
        if (connection.to_skip > 0) return Phase::body;
    }
    if (!connection.head) {
        // RFC 9112, 2.2: ignore empty lines before a request.
        while (connection.scanned == 0 && input.view().starts_with("\r\n")) input.consume(2);
        if (input.empty()) return Phase::idle;
        if (!connection.is_secure && input.view().front() == tls_handshake_record)
            throw Error(ErrorKind::bad_request, "This port speaks http: write http:// instead of https://.");
        const HeadLimits limits{limits_.max_target_bytes, limits_.max_header_bytes, limits_.max_header_count};
        const std::size_t end = find_head_end(input.view(), connection.scanned, limits);
        if (end == 0) return Phase::head;
        connection.head = parse_head(input.view().substr(0, end), limits);
        input.consume(end);
        connection.scanned = 0;
        const bool is_https = connection.tls != nullptr;
        if (connection.address)
            connection.origin = clients_.admit(*connection.address, is_https, *connection.head, steady_us());
    }
    const std::uint64_t length = connection.head->content_length.value_or(0);
    const bool is_gathered = length <= most_gathered(*connection.head, limits_) && !connection.head->expects_continue;
    return is_gathered && input.view().size() < length ? Phase::body : Phase::running;
}

/// Passes the connection to a worker. Called by the thread to which the connection belongs. Requires: epoll does not
/// watch it.
void Poller::hand_over(Connection& connection) {
    {
        const MutexLock lock(mutex_);
        if (stopping_) {
            close(connection);
            return;
        }
        set_gathered(connection, 0);
        move_to(Phase::running, connection);
        connection.begin_request();
    }
    if (!submit_(connection)) give_back(connection, After::close);
}

void Poller::give_back(Connection& connection, After after) {
    connection.head.reset();
    connection.origin = {};
    connection.failure.reset();
    connection.is_output_awaited = false;
    if (after == After::stream) return keep_open(connection);
    if (after == After::keep && !is_stopping()) {
        advance(connection);
        return;
    }
    if (after == After::close) {
        const MutexLock lock(mutex_);
        close(connection);
        return;
    }
    connection.transport->end_output();
    ::shutdown(connection.socket.get(), SHUT_WR);
    connection.input.consume(connection.input.view().size());
    park(connection, Phase::linger);
}

/// Ends connections that have waited for too long. If all connections together hold too much input, closes the oldest.
void Poller::expire() {
    const std::int64_t now = steady_us();
    std::vector<Connection*> late;
    {
        const MutexLock lock(mutex_);
        for (const Phase phase : {Phase::idle, Phase::linger, Phase::handshake})
            while (!list_of(phase).empty() && list_of(phase).front()->deadline_us <= now)
                close(*list_of(phase).front());
        for (const Phase phase : {Phase::body, Phase::head})
            while (gathered_bytes_ > limits_.max_gathered_bytes && !list_of(phase).empty())
                close(*list_of(phase).front());
        for (const Phase phase : {Phase::head, Phase::body})
            for (const auto& connection : list_of(phase)) {
                if (connection->deadline_us > now) break;
                unwatch(*connection);
                late.push_back(connection.get());
            }
    }
    for (Connection* const connection : late) {
        // The missing bytes belong to a body whose request is already answered, so there is no request to refuse.
        if (connection->to_skip > 0) {
            const MutexLock lock(mutex_);
            close(*connection);
            continue;
        }
        connection->failure = Error(ErrorKind::timeout, "The request did not arrive in time.");
        hand_over(*connection);
    }
}

/// Lets a connection wait in `phase`. The deadline counts from the start of the phase.
void Poller::park(Connection& connection, Phase phase) {
    const MutexLock lock(mutex_);
    if (stopping_ && phase != Phase::linger) {
        close(connection);
        return;
    }
    if (connection.phase != phase) {
        move_to(phase, connection);
        connection.deadline_us = steady_us() + time_in(phase);
        changed_.notify_all();
    }
    set_gathered(connection, connection.input.view().size());
    watch(connection);
}

std::int64_t Poller::time_in(Phase phase) const {
    switch (phase) {
        case Phase::idle:
            return limits_.idle_timeout_us;
        case Phase::handshake:
        case Phase::head:
            return limits_.header_timeout_us;
        case Phase::body:
            return limits_.stall_timeout_us;
        case Phase::linger:
            return limits_.linger_timeout_us;
        case Phase::stream:  // no limit: either side can end it
        case Phase::running:
            break;
    }
    return 0;
}

/// Moves a connection to the list of `phase`.
void Poller::move_to(Phase phase, Connection& connection) {
    List& to = list_of(phase);
    to.splice(to.end(), list_of(connection.phase), connection.place);
    connection.phase = phase;
}

/// Records that the connection holds `bytes` of input, and updates the sum over all connections.
void Poller::set_gathered(Connection& connection, std::size_t bytes) {
    gathered_bytes_ += bytes;
    gathered_bytes_ -= connection.gathered_bytes;
    connection.gathered_bytes = bytes;
}

/// Asks epoll for the next event of the connection. Closes the connection on failure.
void Poller::watch(Connection& connection) {
    epoll_event event{};
    event.events = (connection.is_output_awaited ? EPOLLOUT : EPOLLIN | EPOLLRDHUP) | EPOLLONESHOT;
    // A stream must notice at any time that its client is gone.
    if (connection.phase == Phase::stream) event.events |= EPOLLIN | EPOLLRDHUP;
    // Bytes that OpenSSL already holds raise no event of the socket. Poll for writability, which fires almost at once.
    if (connection.phase != Phase::linger && connection.transport->has_unread()) event.events |= EPOLLOUT;
    event.data.ptr = &connection;
    const int operation = connection.is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    connection.is_watched = ::epoll_ctl(epoll_.get(), operation, connection.socket.get(), &event) == 0;
    if (!connection.is_watched) close(connection);
}

void Poller::unwatch(Connection& connection) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection.socket.get(), nullptr);
    connection.is_watched = false;
}

void Poller::close(Connection& connection) {
    set_gathered(connection, 0);
    if (connection.phase == Phase::idle || connection.phase == Phase::stream) connection.transport->end_output();
    if (connection.stream) connection.stream->detach();
    if (connection.address) clients_.closed(*connection.address);
    connection.socket.reset();
    connection.is_closed = true;
    List& from = list_of(connection.phase);
    closed_.splice(closed_.end(), from, connection.place);
    --count_;
    if (connection.is_admin) --admin_count_;
    changed_.notify_all();
}

}  // namespace reprieve::http
