#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "http/connections/connection.hpp"

namespace reprieve::http {

/// Runs one request of a connection.
using Work = std::function<void(Connection&)>;

/// The threads that run requests. A few are made as soon as there is work, more when work has waited for a
/// while because all are busy (with commits or transfers); a thread that has had nothing to do ends. The admin socket's
/// requests are taken first, and by a few threads that no other request can take.
class WorkerPool {
public:
    /// At most `max_workers` run requests at a time, and `admin_workers` more those of the admin socket. `make_work` is
    /// called once in every thread, for what that thread keeps to itself.
    WorkerPool(std::size_t max_workers, std::size_t admin_workers, std::function<Work()> make_work);
    ~WorkerPool();

    /// False where no thread runs and none can be had. A worker may call; another thread calls grow() once it has
    /// submitted all that it has for now.
    bool submit(Connection& connection);

    /// Sets about what was submitted. Makes one more thread where work has waited for too long. Returns how soon to
    /// call again, in milliseconds; -1 for no need to.
    int grow();

    /// Ends all threads once the queue is empty. Nothing is submitted afterwards.
    void stop();

private:
    struct Waiting {
        Connection* connection;
        std::int64_t since_us;
    };

    bool spawn();
    std::size_t ready() const;
    Connection& take();
    void wake_another();
    void run(std::list<std::thread>::iterator self);

    const std::size_t max_workers_;
    const std::size_t admin_workers_;
    const std::function<Work()> make_work_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> admin_queue_;
    std::deque<Waiting> queue_;  ///< of all others
    std::size_t busy_ = 0;       ///< threads that run what came from it: at most max_workers_
    std::list<std::thread> threads_;
    std::list<std::thread> ended_;  ///< to be joined
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace reprieve::http
