#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

/// Rules of locks, which clang checks with -Wthread-safety (scripts/tidy). Other compilers ignore them. They are named
/// as in https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#ifdef __clang__
#define REPRIEVE_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define REPRIEVE_THREAD_SAFETY(attribute)
#endif

/// On a member: only a thread that holds `mutex` reads or writes it.
#define GUARDED_BY(mutex) REPRIEVE_THREAD_SAFETY(guarded_by(mutex))
/// On a function or a lambda: the caller holds `mutex`.
#define REQUIRES(mutex) REPRIEVE_THREAD_SAFETY(requires_capability(mutex))
/// On a function that locks `mutex`: the caller does not hold it.
#define EXCLUDES(mutex) REPRIEVE_THREAD_SAFETY(locks_excluded(mutex))

namespace reprieve {

/// A std::mutex that the rules above can name. MutexLock locks it.
class REPRIEVE_THREAD_SAFETY(capability("mutex")) Mutex {
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

private:
    friend class MutexLock;
    std::mutex mutex_;
};

/// Holds a mutex from construction to destruction, except between unlock() and lock(). Used by one thread. Requires:
/// the thread does not hold the mutex already.
class REPRIEVE_THREAD_SAFETY(scoped_lockable) MutexLock {
public:
    explicit MutexLock(Mutex& mutex) REPRIEVE_THREAD_SAFETY(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
    ~MutexLock() REPRIEVE_THREAD_SAFETY(release_capability()) = default;
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    void unlock() REPRIEVE_THREAD_SAFETY(release_capability()) { lock_.unlock(); }
    void lock() REPRIEVE_THREAD_SAFETY(acquire_capability()) { lock_.lock(); }

private:
    friend class MutexUnlock;
    friend class ConditionVariable;
    std::unique_lock<std::mutex> lock_;
};

/// Releases a mutex from construction to destruction, for a function whose caller holds it. Also locks it again if an
/// exception leaves the scope. Requires: `lock` holds `mutex`.
class REPRIEVE_THREAD_SAFETY(scoped_lockable) MutexUnlock {
public:
    MutexUnlock(MutexLock& lock, [[maybe_unused]] Mutex& mutex) REPRIEVE_THREAD_SAFETY(release_capability(mutex))
        : lock_(lock.lock_) {
        lock_.unlock();
    }
    ~MutexUnlock() REPRIEVE_THREAD_SAFETY(release_capability()) { lock_.lock(); }
    MutexUnlock(const MutexUnlock&) = delete;
    MutexUnlock& operator=(const MutexUnlock&) = delete;

private:
    std::unique_lock<std::mutex>& lock_;
};

/// A std::condition_variable for a MutexLock. Requires: the lock holds its mutex. A predicate that reads guarded
/// members names the mutex: `changed_.wait(lock, [this]() REQUIRES(mutex_) { return is_done_; })`.
class ConditionVariable {
public:
    void notify_one() noexcept { changed_.notify_one(); }
    void notify_all() noexcept { changed_.notify_all(); }

    /// Blocks until `is_met` returns true.
    template <typename Predicate>
    void wait(MutexLock& lock, Predicate is_met) {
        changed_.wait(lock.lock_, std::move(is_met));
    }

    /// Blocks until `is_met` returns true, for at most `timeout`. Returns the last result of `is_met`.
    template <typename Rep, typename Period, typename Predicate>
    bool wait_for(MutexLock& lock, std::chrono::duration<Rep, Period> timeout, Predicate is_met) {
        return changed_.wait_for(lock.lock_, timeout, std::move(is_met));
    }

    /// Blocks until `is_met` returns true, at the longest until `deadline`. Returns the last result of `is_met`.
    template <typename Clock, typename Duration, typename Predicate>
    bool wait_until(MutexLock& lock, std::chrono::time_point<Clock, Duration> deadline, Predicate is_met) {
        return changed_.wait_until(lock.lock_, deadline, std::move(is_met));
    }

private:
    std::condition_variable changed_;
};

}  // namespace reprieve
