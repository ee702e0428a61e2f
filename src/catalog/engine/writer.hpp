#pragma once

#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "catalog/engine/ballast.hpp"
#include "catalog/engine/change_watch.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// The only connection that writes to the catalog. Any thread may call.
///
/// The writer commits the work of several callers together, without a thread of its own. Each caller queues its work.
/// If no write is running, the caller becomes the leader: it runs all queued work in one transaction (each piece in its
/// own savepoint) and commits once for all. Work that is queued meanwhile waits for the next transaction. The first
/// caller in the queue leads that transaction.
class Writer {
public:
    /// Requires: `connection` may write, and the schema of its file is up to date.
    Writer(std::unique_ptr<Connection> connection, Ballast ballast);

    /// See Catalog::write.
    void run(const std::function<void(Connection&)>& work);

    /// See Catalog::when_changed.
    void when_changed(std::function<void(Topics)> tell) { tell_ = std::move(tell); }

private:
    /// Work of one caller; it lives on the stack of that caller. mutex_ guards `is_done` and `is_leader`. Until
    /// `is_done` is set, only the leader uses the other members.
    struct Job {
        const std::function<void(Connection&)>* work;
        std::exception_ptr failure;
        std::vector<std::function<void()>> after_commit;
        bool is_done = false;
        bool is_leader = false;
        ConditionVariable wake;
    };
    enum class Outcome { committed, disk_full, failed };

    void lead(MutexLock& lock) REQUIRES(mutex_);
    void run_batch() noexcept;
    Outcome try_batch(std::exception_ptr& failure) noexcept;
    void run_job(Job& job, bool is_alone);
    void roll_back() noexcept;
    void restore_ballast_now_and_then() noexcept;

    // Only the leader uses the members from here to batch_.
    std::unique_ptr<Connection> connection_;
    ChangeWatch watch_;
    std::function<void(Topics)> tell_;
    Ballast ballast_;
    unsigned commits_without_ballast_ = 0;
    std::vector<Job*> batch_;

    Mutex mutex_;
    std::deque<Job*> queue_ GUARDED_BY(mutex_);
    bool is_busy_ GUARDED_BY(mutex_) = false;
    std::thread::id leader_ GUARDED_BY(mutex_);
};

}  // namespace reprieve::catalog
