#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <thread>

#include "base/mutex.hpp"
#include "http/connections/connection.hpp"

namespace reprieve::http {

/// Function that runs one request of a connection.
using Work = std::function<void(Connection&)>;

/// Pool of the threads that run requests. A few threads start as soon as there is work. More start if work has waited
/// because all threads are busy with commits or transfers. A thread that is idle for some seconds ends. Requests of the
/// admin socket run first, and a few threads are reserved for them.
class WorkerPool {
public:
    /// At most `max_workers` (at least 1) requests run at the same time, not counting those of the admin socket. There
    /// are `admin_workers` additional threads for that socket. Each thread calls `make_work` once, to get its own Work.
    WorkerPool(std::size_t max_workers, std::size_t admin_workers, std::function<Work()> make_work);
    ~WorkerPool();

    /// Queues a connection with a request. Returns false if no thread runs and none can be started. Any thread may
    /// call. A thread that is not a worker must call grow() after its last submit(), because submit() itself wakes no
    /// idle worker.
    bool submit(Connection& connection);

    /// Wakes an idle worker for a queued request, and starts one more thread if a request has waited for too long.
    /// Returns the milliseconds until the next call is due, or -1 if no call is due. Any thread may call.
    int grow();

    /// Blocks until all queued work is done and all threads have ended. Requires: submit() is not called afterwards.
    void stop();

private:
    struct Waiting {
        Connection* connection;
        std::int64_t since_us;  ///< time of submit(), on the clock of steady_us()
    };

    bool spawn() REQUIRES(mutex_);
    std::size_t ready() const REQUIRES(mutex_);
    Connection& take() REQUIRES(mutex_);
    void wake_another() REQUIRES(mutex_);
    void run(std::list<std::thread>::iterator self);

    const std::size_t max_workers_;
    const std::size_t admin_workers_;
    const std::function<Work()> make_work_;
    Mutex mutex_;
    ConditionVariable changed_;
    std::deque<Waiting> admin_queue_ GUARDED_BY(mutex_);
    std::deque<Waiting> queue_ GUARDED_BY(mutex_);  ///< all connections except those of the admin socket
    std::size_t busy_ GUARDED_BY(mutex_) = 0;       ///< threads that run work from queue_; at most max_workers_
    std::list<std::thread> threads_ GUARDED_BY(mutex_);
    std::list<std::thread> ended_ GUARDED_BY(mutex_);  ///< threads that have ended and must be joined
    std::size_t idle_ GUARDED_BY(mutex_) = 0;          ///< threads that wait for work
    bool stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace reprieve::http
