#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "http/connections/connection.hpp"
#include "http/connections/connection_limits.hpp"
#include "http/connections/tls_context.hpp"

namespace reprieve::http {

/// Thread that holds every connection without a complete request, so that such a connection costs only memory. It
/// receives heads and small bodies, does TLS handshakes, enforces deadlines, and passes complete requests to workers.
///
/// There is a list of connections for each phase. All connections get the same time in a phase, so each list is ordered
/// by deadline. Epoll events are one-shot, so a connection is not watched while a worker runs its request.
class Poller {
public:
    /// Function that passes a connection to a worker, which runs its request or answers with its `failure`. Returns
    /// false if no worker can be started.
    using Submit = std::function<bool(Connection&)>;
    /// Function that starts threads for requests that wait for a worker. The poller calls it once in each round of its
    /// loop. Returns the milliseconds until the next call is due, or -1 if no call is due.
    using Grow = std::function<int()>;

    /// Throws internal if the kernel has no free descriptors for an epoll instance and an eventfd.
    Poller(const ConnectionLimits& limits, Submit submit, Grow grow);
    ~Poller();

    /// Adds a listening socket. Call before start(). Connections to this socket use TLS if `tls` is set.
    void add_listener(FileDescriptor socket, bool is_admin, std::shared_ptr<const TlsContext> tls);
    /// Starts the thread. Throws if a listening socket cannot be watched.
    void start();

    /// Takes a connection back after its request, and does with it what `after` says. Only the thread to which the
    /// connection belongs may call.
    void give_back(Connection& connection, After after);

    /// Returns true once stop() has begun; answers then send "Connection: close". Any thread may call.
    bool is_stopping() const;

    /// Closes the listening sockets and the connections that run no request. Running requests may finish within
    /// shutdown_timeout; after that their connections are cut. Returns when no request runs and the thread has ended.
    /// Does nothing if the poller was not started.
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
    void move_to(Phase phase, Connection& connection) REQUIRES(mutex_);
    void set_gathered(Connection& connection, std::size_t bytes) REQUIRES(mutex_);
    void watch(Connection& connection) REQUIRES(mutex_);
    void unwatch(Connection& connection) REQUIRES(mutex_);
    void close(Connection& connection) REQUIRES(mutex_);
    std::int64_t time_in(Phase phase) const;
    List& list_of(Phase phase) REQUIRES(mutex_) { return lists_[static_cast<std::size_t>(phase)]; }

    const ConnectionLimits limits_;
    const Submit submit_;
    const Grow grow_;
    ClientPolicy clients_;
    FileDescriptor epoll_;
    FileDescriptor wake_;
    std::atomic<bool> streams_wait_ = false;  ///< at least one EventStream has bytes to write, or was ended

    // Once the poller's thread runs, only this thread uses the following members.
    FileDescriptor spare_ = open_spare();  ///< reserve: closed for a moment to refuse a client if no descriptor is free
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::vector<std::byte> scratch_;  ///< the poller thread's receive buffer
    int tick_ms_;                     ///< longest wait for events while there are connections

    std::thread thread_;  ///< used by start() and stop(), which must not be called at the same time

    mutable Mutex mutex_;  ///< also guards the members of each Connection that belong to the poller
    ConditionVariable changed_;
    std::array<List, phase_count> lists_ GUARDED_BY(mutex_);
    /// Closed connections. They are kept to the end of the round, because later events of the round can point to them.
    List closed_ GUARDED_BY(mutex_);
    std::size_t count_ GUARDED_BY(mutex_) = 0;           ///< open connections
    std::size_t admin_count_ GUARDED_BY(mutex_) = 0;     ///< open connections of the admin socket, included in count_
    std::size_t gathered_bytes_ GUARDED_BY(mutex_) = 0;  ///< bytes of input that all waiting connections hold together
    bool stopping_ GUARDED_BY(mutex_) = false;           ///< stop() has begun
    bool finished_ GUARDED_BY(mutex_) = false;           ///< the thread must end now
};

}  // namespace reprieve::http
