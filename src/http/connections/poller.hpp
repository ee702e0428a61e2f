#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "http/connections/connection.hpp"
#include "http/connections/connection_limits.hpp"
#include "http/connections/tls_context.hpp"

namespace reprieve::http {

/// One thread that holds every connection without a whole request, at no cost but its memory: it gathers
/// heads and small bodies, shakes hands for TLS, enforces the deadlines and hands over what can run.
///
/// Every connection is in one list, that of its phase. All that enter a phase get the same time, so each list is
/// ordered by deadline. Events are one-shot: a connection that a worker has is not watched.
class Poller {
public:
    /// Hands a connection with a head or a failure to a worker; false where none can be had.
    using Submit = std::function<bool(Connection&)>;
    /// Called now and then: makes threads for work that waits; returns milliseconds until it wants to be
    /// called again, or -1.
    using Grow = std::function<int()>;

    Poller(const ConnectionLimits& limits, Submit submit, Grow grow);
    ~Poller();

    /// Before start. What comes by it speaks TLS where `tls` is not null.
    void add_listener(FileDescriptor socket, bool is_admin, std::shared_ptr<const TlsContext> tls);
    void start();

    /// A worker gives a connection back. Any thread.
    void give_back(Connection& connection, After after);

    /// True once stop has begun: answers then say "Connection: close".
    bool is_stopping() const;

    /// Closes the listeners and what waits, gives running requests until the deadline, then cuts their
    /// connections. Returns when no connection runs.
    void stop();

private:
    struct Listener {
        FileDescriptor socket;
        bool is_admin;
        std::shared_ptr<const TlsContext> tls;
        bool is_paused = false;
    };
    using List = std::list<std::unique_ptr<Connection>>;

    void run();
    int next_wait_ms();
    static FileDescriptor open_spare();
    void accept_all(Listener& listener);
    bool make_room();
    void admit(FileDescriptor socket, std::string peer, const Listener& listener);
    void refuse(Connection& connection, Error why);
    void pause(Listener& listener);
    void resume_listeners();

    void on_event(Connection& connection, int& handshakes);
    void charge_unread(Connection& connection);
    void shake_hands(Connection& connection);
    bool begin_handshake(Connection& connection);
    void receive(Connection& connection);
    bool drop_incoming(Connection& connection);
    void keep_open(Connection& connection);
    void serve_streams();
    void serve_stream(Connection& connection, bool is_only_output);
    static bool write_stream(Connection& connection);
    void advance(Connection& connection);
    Phase gather(Connection& connection);
    void hand_over(Connection& connection);
    void expire();

    void park(Connection& connection, Phase phase);
    void move_to(Phase phase, Connection& connection);
    void set_gathered(Connection& connection, std::size_t bytes);
    void watch(Connection& connection);
    void unwatch(Connection& connection);
    void close(Connection& connection);
    std::int64_t time_in(Phase phase) const;
    List& list_of(Phase phase) { return lists_[static_cast<std::size_t>(phase)]; }

    const ConnectionLimits limits_;
    const Submit submit_;
    const Grow grow_;
    ClientPolicy clients_;
    FileDescriptor epoll_;
    FileDescriptor wake_;
    FileDescriptor spare_ = open_spare();  ///< given up for a moment to refuse a connection when there are no more
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::vector<std::byte> scratch_;  ///< the poller thread's receive buffer
    int tick_ms_;
    std::atomic<bool> streams_wait_ = false;  ///< something was sent over some of them

    mutable std::mutex mutex_;  ///< guards all below, and the book-keeping of the connections
    std::condition_variable changed_;
    std::array<List, phase_count> lists_;
    List closed_;                  ///< kept until no event of the current round can name them
    std::size_t count_ = 0;        ///< of connections
    std::size_t admin_count_ = 0;  ///< of those, on the admin socket
    std::size_t gathered_bytes_ = 0;
    bool stopping_ = false;
    bool finished_ = false;
    std::thread thread_;
};

}  // namespace reprieve::http
