#include "http/connections/worker_pool.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace reprieve::http {
namespace {

// Requests that only read are fastest with few threads. More threads start if those few are blocked.
constexpr std::size_t quick_workers = 4;
constexpr std::int64_t stuck_after_us = 1000;
constexpr int look_again_ms = 2;
constexpr std::chrono::seconds idle_life{10};

}  // namespace

WorkerPool::WorkerPool(std::size_t max_workers, std::size_t admin_workers, std::function<Work()> make_work)
    : max_workers_(std::max<std::size_t>(max_workers, 1)),
      admin_workers_(admin_workers),
      make_work_(std::move(make_work)) {}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::submit(Connection& connection) {
    std::list<std::thread> to_join;
    {
        const MutexLock lock(mutex_);
        to_join.swap(ended_);
        std::deque<Waiting>& queue = connection.is_admin ? admin_queue_ : queue_;
        queue.push_back({&connection, steady_us()});
        if (ready() > idle_ && threads_.size() < std::min(quick_workers, max_workers_) && !spawn() &&
            threads_.empty()) {
            queue.pop_back();
            return false;
        }
    }
    for (auto& thread : to_join) thread.join();
    return true;
}

int WorkerPool::grow() {
    const MutexLock lock(mutex_);
    wake_another();
    if (ready() <= idle_ || threads_.size() >= max_workers_ + admin_workers_) return -1;
    const Waiting& next = admin_queue_.empty() ? queue_.front() : admin_queue_.front();
    if (steady_us() - next.since_us >= stuck_after_us) spawn();
    return look_again_ms;
}

/// Returns how many waiting connections may be taken now.
std::size_t WorkerPool::ready() const { return admin_queue_.size() + std::min(queue_.size(), max_workers_ - busy_); }

/// Takes the next connection out of its queue. Requires: ready() > 0.
Connection& WorkerPool::take() {
    std::deque<Waiting>& queue = admin_queue_.empty() ? queue_ : admin_queue_;
    Connection& connection = *queue.front().connection;
    queue.pop_front();
    if (!connection.is_admin) ++busy_;
    return connection;
}

/// Wakes one idle worker if a request waits. Each worker wakes the next one, because a wake-up for every request would
/// cost as much as a small request.
void WorkerPool::wake_another() {
    if (ready() > 0 && idle_ > 0) changed_.notify_one();
}

/// Starts one thread. Returns false if the system cannot start one.
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
    MutexLock lock(mutex_);
    while (true) {
        ++idle_;
        const bool woken =
            changed_.wait_for(lock, idle_life, [this]() REQUIRES(mutex_) { return ready() > 0 || stopping_; });
        --idle_;
        if (ready() == 0 && (stopping_ || !woken)) break;
        if (ready() == 0) continue;
        Connection& connection = take();
        const bool is_admin = connection.is_admin;  // the connection may be freed after its work
        wake_another();
        lock.unlock();
        work(connection);
        lock.lock();
        if (!is_admin) --busy_;
    }
    ended_.splice(ended_.end(), threads_, self);
    changed_.notify_all();
}

void WorkerPool::stop() {
    std::list<std::thread> to_join;
    {
        MutexLock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this]() REQUIRES(mutex_) { return threads_.empty(); });
        to_join.swap(ended_);
    }
    for (auto& thread : to_join) thread.join();
}

}  // namespace reprieve::http
