#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "catalog/engine/ballast.hpp"
#include "catalog/engine/change_watch.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// The only connection that writes to the catalog. Any thread may call.
///
/// Does group commit without a thread of its own. Each caller queues its work. If no write is running, the caller
/// becomes the leader: it runs all queued work in one transaction (each in its own savepoint) and commits once for all.
/// Work that is queued meanwhile waits for the next transaction. The first caller in the queue leads that one.
class Writer {
public:
    /// Requires: `connection` may write, and its schema is up to date.
    Writer(std::unique_ptr<Connection> connection, Ballast ballast);

    /// See Catalog::write.
    void run(const std::function<void(Connection&)>& work);

    /// See Catalog::when_changed.
    void when_changed(std::function<void(Topics)> tell) { tell_ = std::move(tell); }

private:
    struct Job {
        const std::function<void(Connection&)>* work;
        std::exception_ptr failure;
        std::vector<std::function<void()>> after_commit;
        bool is_done = false;
        bool is_leader = false;
        std::condition_variable wake;
    };
    enum class Outcome { committed, disk_full, failed };

    void lead(std::unique_lock<std::mutex>& lock);
    void run_batch() noexcept;
    Outcome try_batch(std::exception_ptr& failure) noexcept;
    void run_job(Job& job, bool is_alone);
    void roll_back() noexcept;
    void restore_ballast_now_and_then() noexcept;

    // Used by the leader only.
    std::unique_ptr<Connection> connection_;
    ChangeWatch watch_;
    std::function<void(Topics)> tell_;
    Ballast ballast_;
    unsigned commits_without_ballast_ = 0;
    std::vector<Job*> batch_;

    std::mutex mutex_;  // guards the members below, and the flags of the jobs
    std::deque<Job*> queue_;
    bool is_busy_ = false;
    std::thread::id leader_;
};

}  // namespace reprieve::catalog
