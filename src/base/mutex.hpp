#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

/// Annotations that say which mutex guards which members. clang checks them with -Wthread-safety (scripts/tidy); other
/// compilers ignore them. Their names are those of https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#ifdef __clang__
#define REPRIEVE_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define REPRIEVE_THREAD_SAFETY(attribute)
#endif

/// Marks a member that only a thread which holds `mutex` may read or write.
#define GUARDED_BY(mutex) REPRIEVE_THREAD_SAFETY(guarded_by(mutex))
/// Marks a function or a lambda whose caller must hold `mutex`.
#define REQUIRES(mutex) REPRIEVE_THREAD_SAFETY(requires_capability(mutex))
/// Marks a function that locks `mutex` itself, so its caller must not hold `mutex`.
#define EXCLUDES(mutex) REPRIEVE_THREAD_SAFETY(locks_excluded(mutex))

namespace reprieve {

/// A std::mutex that the annotations above can name. Lock it with a MutexLock.
class REPRIEVE_THREAD_SAFETY(capability("mutex")) Mutex {
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

private:
    friend class MutexLock;
    std::mutex mutex_;
};

/// Holder of a mutex from construction to destruction, except between unlock() and lock(). Only the thread that created
/// the object may use it. Requires: this thread does not hold the mutex already.
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

/// Scope in which a held mutex is released, for a function whose caller holds the mutex. The constructor unlocks the
/// mutex, and the destructor locks it again, also after an exception. Requires: `lock` holds `mutex`.
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

/// A std::condition_variable for a MutexLock. Requires: the lock that is passed to a wait holds its mutex. A predicate
/// that reads members with GUARDED_BY must name the mutex:
///     changed_.wait(lock, [this]() REQUIRES(mutex_) { return is_done_; });
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
