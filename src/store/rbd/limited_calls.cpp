#include "store/rbd/limited_calls.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>

#include "base/mutex.hpp"

namespace reprieve::store {
namespace {

/// Channel from a call to the thread that waits for it.
class Answer {
public:
    void alive() {
        const MutexLock lock(mutex_);
        ++signs_;
        changed_.notify_all();
    }

    void give(int result) {
        const MutexLock lock(mutex_);
        result_ = result;
        changed_.notify_all();
    }

    int wait(std::chrono::microseconds limit) {
        MutexLock lock(mutex_);
        for (;;) {
            const auto seen = signs_;
            const bool is_told =
                changed_.wait_for(lock, limit, [&]() REQUIRES(mutex_) { return result_ || signs_ != seen; });
            if (result_) return *result_;
            if (!is_told) return -ETIMEDOUT;
        }
    }

private:
    Mutex mutex_;
    ConditionVariable changed_;
    std::uint64_t signs_ GUARDED_BY(mutex_) = 0;
    std::optional<int> result_ GUARDED_BY(mutex_);
};

}  // namespace

struct LimitedCalls::UnderWay {
    Mutex mutex;
    ConditionVariable changed;
    std::size_t count GUARDED_BY(mutex) = 0;

    void begin() {
        const MutexLock lock(mutex);
        ++count;
    }

    void end() {
        const MutexLock lock(mutex);
        --count;
        changed.notify_all();
    }
};

LimitedCalls::LimitedCalls(std::chrono::microseconds limit) : limit_(limit), under_way_(std::make_shared<UnderWay>()) {}

int LimitedCalls::run(std::function<int(const Alive&)> call) {
    const auto answer = std::make_shared<Answer>();
    leave([answer, call = std::move(call)]() mutable {
        const int result = call([answer] { answer->alive(); });
        call = nullptr;
        answer->give(result);
    });
    return answer->wait(limit_);
}

void LimitedCalls::leave(std::function<void()> call) {
    under_way_->begin();
    try {
        std::thread([under_way = under_way_, call = std::move(call)]() mutable {
            call();
            call = nullptr;
            under_way->end();
        }).detach();
    } catch (...) {
        under_way_->end();
        throw;
    }
}

bool LimitedCalls::finish(std::chrono::microseconds limit) {
    MutexLock lock(under_way_->mutex);
    return under_way_->changed.wait_for(lock, limit,
                                        [this]() REQUIRES(under_way_->mutex) { return under_way_->count == 0; });
}

}  // namespace reprieve::store
