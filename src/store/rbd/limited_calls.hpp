#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace reprieve::store {

/// Runner of library calls that may block for a long time. Each call has a thread of its own, so that the caller can
/// stop waiting for it. Any thread may call.
class LimitedCalls {
public:
    /// Function that a running call calls to report progress. The time limit of that call then starts again.
    using Alive = std::function<void()>;

    /// `limit`: longest time that run() waits without a result or progress.
    explicit LimitedCalls(std::chrono::microseconds limit);

    std::chrono::microseconds limit() const { return limit_; }

    /// Runs `call` and returns its result; -ETIMEDOUT if the limit passes without a result or progress. The call then
    /// continues without a waiting caller. Requires: `call` does not throw and owns all that it uses. `call` is
    /// destroyed before its result is returned.
    int run(std::function<int(const Alive&)> call);

    /// Runs `call` without waiting for it. Requires: `call` does not throw and owns all that it uses.
    void leave(std::function<void()> call);

    /// Waits until no call is in flight, but at most `limit`. Returns false if a call is still in flight.
    bool finish(std::chrono::microseconds limit);

private:
    struct UnderWay;

    const std::chrono::microseconds limit_;
    const std::shared_ptr<UnderWay> under_way_;
};

}  // namespace reprieve::store
