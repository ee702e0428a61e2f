#include "http/worker_pool.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace reprieve::http {
namespace {

// Requests that only read are fastest with few threads; the rest come when these are stuck.
constexpr std::size_t quick_workers = 4;
constexpr std::int64_t stuck_after_us = 1000;
constexpr int look_again_ms = 2;
constexpr std::chrono::seconds idle_life{10};

}  // namespace

WorkerPool::WorkerPool(std::size_t max_workers, std::function<Work()> make_work)
    : max_workers_(std::max<std::size_t>(max_workers, 1)), make_work_(std::move(make_work)) {}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::submit(Connection& connection) {
    std::list<std::thread> to_join;
    {
        const std::lock_guard lock(mutex_);
        to_join.swap(ended_);
        queue_.push_back({&connection, steady_us()});
        if (queue_.size() > idle_ && threads_.size() < std::min(quick_workers, max_workers_) && !spawn() &&
            threads_.empty()) {
            queue_.pop_back();
            return false;
        }
    }
    for (auto& thread : to_join) thread.join();
    return true;
}

int WorkerPool::grow() {
    const std::lock_guard lock(mutex_);
    wake_another();
    if (queue_.size() <= idle_ || threads_.size() >= max_workers_) return -1;
    if (steady_us() - queue_.front().since_us >= stuck_after_us) spawn();
    return look_again_ms;
}

/// Under the lock. One worker wakes the next for as long as there is more to do: a wake-up for every request would cost
/// as much as a small request itself.
void WorkerPool::wake_another() {
    if (!queue_.empty() && idle_ > 0) changed_.notify_one();
}

/// Under the lock.
bool WorkerPool::spawn() {
    const auto self = threads_.emplace(threads_.end());
    try {
        *self = std::thread([this, self] { run(self); });
        return true;
    } catch (const std::system_error&) {
        threads_.erase(self);
        return false;
    }
}

void WorkerPool::run(std::list<std::thread>::iterator self) {
    const Work work = make_work_();
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        const bool woken = changed_.wait_for(lock, idle_life, [this] { return !queue_.empty() || stopping_; });
        --idle_;
        if (queue_.empty() && (stopping_ || !woken)) break;
        if (queue_.empty()) continue;
        Connection* connection = queue_.front().connection;
        queue_.pop_front();
        wake_another();
        lock.unlock();
        work(*connection);
        lock.lock();
    }
    ended_.splice(ended_.end(), threads_, self);
    changed_.notify_all();
}

void WorkerPool::stop() {
    std::list<std::thread> to_join;
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return threads_.empty(); });
        to_join.swap(ended_);
    }
    for (auto& thread : to_join) thread.join();
}

}  // namespace reprieve::http
