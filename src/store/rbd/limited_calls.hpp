#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace reprieve::store {

/// Calls of a library that may not return for long, each on a thread of its own, so that who asks can stop waiting. Any
/// thread may call.
class LimitedCalls {
public:
    /// Says that the call goes forward: its limit begins anew.
    using Alive = std::function<void()>;

    explicit LimitedCalls(std::chrono::microseconds limit);

    std::chrono::microseconds limit() const { return limit_; }

    /// Gives the result of `call`, which does not throw; -ETIMEDOUT where none has come within the limit. It then goes
    /// on alone, so it owns all that it uses. What it owns is let go of before its result is given.
    int run(std::function<int(const Alive&)> call);

    /// The same for one that nobody waits for.
    void leave(std::function<void()> call);

    /// Waits, `limit` at most, until no call is under way; true where none is.
    bool finish(std::chrono::microseconds limit);

private:
    struct UnderWay;

    const std::chrono::microseconds limit_;
    const std::shared_ptr<UnderWay> under_way_;
};

}  // namespace reprieve::store
