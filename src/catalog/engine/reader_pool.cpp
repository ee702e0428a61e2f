#include "catalog/engine/reader_pool.hpp"

#include "catalog/engine/sqlite_error.hpp"

namespace reprieve::catalog {

namespace {

// Maximum number of connections. More would only share the same cores, and need memory for their caches.
constexpr std::size_t max_readers = 4;

}  // namespace

void ReaderPool::run(const std::function<void(Connection&)>& work) {
    auto connection = borrow();
    try {
        connection->run("BEGIN");
        work(*connection);
        connection->run("COMMIT");
        give_back(std::move(connection));
    } catch (const SQLite::Exception& error) {
        auto translated = std::make_exception_ptr(to_error(connection.get(), error));
        give_back(std::move(connection));
        std::rethrow_exception(translated);
    } catch (...) {
        give_back(std::move(connection));
        throw;
    }
}

std::unique_ptr<Connection> ReaderPool::borrow() {
    MutexLock lock(mutex_);
    returned_.wait(lock, [&]() REQUIRES(mutex_) { return !idle_.empty() || open_ < max_readers; });
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    idle_.reserve(max_readers);
    ++open_;
    lock.unlock();
    try {
        auto connection = std::make_unique<Connection>(path_, false, cipher_);
        connection->execute_script("PRAGMA query_only = ON");
        return connection;
    } catch (const SQLite::Exception& error) {
        give_back(nullptr);
        throw to_error(nullptr, error);
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) noexcept {
    try {
        if (connection && connection->in_transaction()) connection->run("ROLLBACK");
    } catch (...) {
        connection.reset();
    }
    const MutexLock lock(mutex_);
    if (connection)
        idle_.push_back(std::move(connection));
    else
        --open_;
    returned_.notify_one();
}

}  // namespace reprieve::catalog
