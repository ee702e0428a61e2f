#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Pool of a few read-only connections, opened on demand. Any thread may call; calls block while all connections are in
/// use.
class ReaderPool {
public:
    /// Requires: `cipher` outlives this object.
    ReaderPool(std::string path, const LocationCipher& cipher) : path_(std::move(path)), cipher_(cipher) {}

    /// Runs `work` in one read transaction, so that it sees one snapshot. Failures of SQLite are thrown as Error
    /// (sqlite_error.hpp); other exceptions of `work` are passed on.
    void run(const std::function<void(Connection&)>& work);

private:
    std::unique_ptr<Connection> borrow();
    void give_back(std::unique_ptr<Connection> connection) noexcept;

    const std::string path_;
    const LocationCipher& cipher_;
    Mutex mutex_;
    ConditionVariable returned_;
    std::vector<std::unique_ptr<Connection>> idle_ GUARDED_BY(mutex_);
    std::size_t open_ GUARDED_BY(mutex_) = 0;
};

}  // namespace reprieve::catalog
