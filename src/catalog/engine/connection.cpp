#include "catalog/engine/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <mutex>

#include "base/error.hpp"

namespace reprieve::catalog {

namespace {

// Maximum number of SQL texts whose statements are cached. It is needed because lists combine many filters, so there is
// no natural bound.
constexpr std::size_t max_cached_texts = 256;

// Time to wait for a lock on the file, because another process (such as a backup tool) may lock it for a moment.
constexpr int busy_timeout_ms = 5000;

// Settings of each connection. Its page cache grows as needed, and pages outside the cache are read from the mapped
// file.
constexpr const char* settings = R"sql(
    PRAGMA cache_size = -4096;          -- KiB
    PRAGMA mmap_size = 2147418112;      -- bytes; address space, not memory
    PRAGMA foreign_keys = ON;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = FAST;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA journal_size_limit = 16777216;
    PRAGMA wal_autocheckpoint = 2000;   -- pages of 4 KiB
)sql";

// Turns off the memory statistics of SQLite: nothing reads them, and they would need a lock that all connections share.
void configure_sqlite_once() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

SQLite::Database open(const std::string& path, bool create) {
    configure_sqlite_once();
    const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX | (create ? SQLite::OPEN_CREATE : 0);
    return {path, flags, busy_timeout_ms};
}

}  // namespace

std::int64_t to_stored(std::uint64_t number) {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw Error(ErrorKind::bad_request, "the number " + std::to_string(number) + " is too large");
    return static_cast<std::int64_t>(number);
}

Statement::~Statement() {
    if (statement_) owner_->give_back(std::move(statement_));
}

void Statement::bind_value(int index, const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
        statement_->bind(index, *number);
    else if (const auto* text = std::get_if<std::string_view>(&value))
        statement_->bind(index, std::string(*text));
    else
        statement_->bind(index);
}

void Statement::run() {
    while (statement_->executeStep()) {
    }
    statement_->reset();
}

Connection::Connection(const std::string& path, bool create, const LocationCipher& cipher)
    : database_(open(path, create)), cipher_(cipher) {
    database_.exec(settings);
}

Statement Connection::prepare(std::string_view sql) {
    auto found = cache_.find(sql);
    if (found == cache_.end()) {
        if (cache_.size() >= max_cached_texts) forget_oldest();
        found = cache_.try_emplace(std::string(sql)).first;
    }
    Cached& cached = found->second;
    cached.last_used = ++uses_;
    if (cached.idle.empty()) return {*this, std::make_unique<SQLite::Statement>(database_, found->first)};
    auto statement = std::move(cached.idle.back());
    cached.idle.pop_back();
    return {*this, std::move(statement)};
}

void Connection::give_back(std::unique_ptr<SQLite::Statement> statement) noexcept {
    // A failure of the reset is ignored: it only repeats the failure that step() has already thrown.
    statement->tryReset();
    try {
        statement->clearBindings();
        if (const auto found = cache_.find(statement->getQuery()); found != cache_.end())
            found->second.idle.push_back(std::move(statement));
    } catch (...) {
        statement.reset();
    }
}

void Connection::forget_oldest() {
    const auto oldest = std::min_element(cache_.begin(), cache_.end(), [](const auto& left, const auto& right) {
        return left.second.last_used < right.second.last_used;
    });
    cache_.erase(oldest);
}

std::size_t Connection::changes() const { return static_cast<std::size_t>(sqlite3_changes64(database_.getHandle())); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.getHandle()) == 0; }

}  // namespace reprieve::catalog
