#include "catalog/engine/writer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "catalog/engine/sqlite_error.hpp"

namespace reprieve::catalog {

namespace {

// Maximum number of jobs in one commit. It bounds how many jobs fail together if the commit fails, and how long the
// first job in the queue waits.
constexpr std::size_t max_batch_jobs = 512;

constexpr unsigned commits_between_ballast_attempts = 64;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, Ballast ballast)
    : connection_(std::move(connection)), watch_(*connection_), ballast_(std::move(ballast)) {
    batch_.reserve(max_batch_jobs);
}

void Writer::run(const std::function<void(Connection&)>& work) {
    Job job{.work = &work, .failure = {}, .after_commit = {}, .wake = {}};
    {
        MutexLock lock(mutex_);
        if (is_busy_ && leader_ == std::this_thread::get_id())
            throw Error(ErrorKind::internal, "a write to the catalog was begun inside another one");
        queue_.push_back(&job);
        if (is_busy_) job.wake.wait(lock, [&] { return job.is_done || job.is_leader; });
        if (!job.is_done) lead(lock);
    }
    if (job.failure) std::rethrow_exception(job.failure);
    for (const auto& work_after : job.after_commit) work_after();
}

void Writer::lead(MutexLock& lock) {
    is_busy_ = true;
    leader_ = std::this_thread::get_id();
    const auto count = std::min(queue_.size(), max_batch_jobs);
    batch_.assign(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    {
        const MutexUnlock unlocked(lock, mutex_);
        run_batch();
    }
    // A job lives on the stack of its caller, which returns once is_done is set. So no job may be touched after the
    // lock is released.
    for (Job* job : batch_) {
        job->is_done = true;
        job->wake.notify_one();
    }
    leader_ = {};
    if (queue_.empty()) {
        is_busy_ = false;
    } else {
        queue_.front()->is_leader = true;
        queue_.front()->wake.notify_one();
    }
}

void Writer::run_batch() noexcept {
    std::exception_ptr failure;
    auto outcome = try_batch(failure);
    if (outcome == Outcome::disk_full && ballast_.give_up()) {
        commits_without_ballast_ = 0;
        outcome = try_batch(failure);
    }
    if (outcome == Outcome::committed) {
        if (const Topics changed = watch_.take(); tell_ && !changed.empty()) tell_(changed);
        restore_ballast_now_and_then();
        return;
    }
    for (Job* job : batch_)
        if (!job->failure) job->failure = failure;
}

Writer::Outcome Writer::try_batch(std::exception_ptr& failure) noexcept {
    Outcome outcome = Outcome::failed;
    try {
        const bool is_alone = batch_.size() == 1;
        watch_.take();  // drops the topics of an attempt that was rolled back
        connection_->run("BEGIN IMMEDIATE");
        for (Job* job : batch_) {
            job->failure = nullptr;
            run_job(*job, is_alone);
        }
        if (!is_alone || !batch_.front()->failure) {
            connection_->run("COMMIT");
            return Outcome::committed;
        }
    } catch (const SQLite::Exception& error) {
        if (is_disk_full(connection_.get(), error)) outcome = Outcome::disk_full;
        failure = std::make_exception_ptr(to_error(connection_.get(), error));
    } catch (...) {
        failure = std::current_exception();
    }
    roll_back();
    return outcome;
}

void Writer::run_job(Job& job, bool is_alone) {
    connection_->take_after_commit();  // drops the work of an attempt that a full disk aborted
    if (!is_alone) connection_->run("SAVEPOINT job");
    try {
        (*job.work)(*connection_);
    } catch (const SQLite::Exception& error) {
        if (is_disk_full(connection_.get(), error)) throw;
        job.failure = std::make_exception_ptr(to_error(connection_.get(), error));
    } catch (...) {
        job.failure = std::current_exception();
    }
    job.after_commit = connection_->take_after_commit();
    // Some failures of the disk make SQLite roll back the whole transaction, including the work of the other jobs.
    if (!connection_->in_transaction()) {
        if (job.failure) std::rethrow_exception(job.failure);
        throw Error(ErrorKind::internal, "a write to the catalog ended its own transaction");
    }
    if (is_alone) return;
    if (job.failure) connection_->run("ROLLBACK TO job");
    connection_->run("RELEASE job");
}

void Writer::roll_back() noexcept {
    try {
        if (connection_->in_transaction()) connection_->run("ROLLBACK");
    } catch (...) {
        // The transaction stays open, so the next BEGIN fails and its caller gets the reason.
        return;
    }
}

void Writer::restore_ballast_now_and_then() noexcept {
    if (ballast_.is_there() || ++commits_without_ballast_ < commits_between_ballast_attempts) return;
    commits_without_ballast_ = 0;
    ballast_.restore();
}

}  // namespace reprieve::catalog
