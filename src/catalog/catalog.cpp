#include "catalog/catalog.hpp"

#include <sqlite3.h>

#include "base/error.hpp"
#include "catalog/engine/ballast.hpp"
#include "catalog/engine/connection.hpp"
#include "catalog/engine/location_key.hpp"
#include "catalog/engine/reader_pool.hpp"
#include "catalog/engine/schema.hpp"
#include "catalog/engine/sqlite_error.hpp"
#include "catalog/engine/writer.hpp"

namespace reprieve::catalog {

namespace {

constexpr const char* catalog_file = "/catalog.db";

std::unique_ptr<Connection> open_writer(const std::string& path, const LocationCipher& cipher) {
    std::unique_ptr<Connection> connection;
    try {
        connection = std::make_unique<Connection>(path, true, cipher);
        bring_up_to_date(*connection);
        bring_under_key(*connection);
    } catch (const SQLite::Exception& error) {
        throw to_error(connection.get(), error);
    }
    return connection;
}

// Opening the catalog writes a small file, the index of the write-ahead log. On a full disk this takes the space of the
// ballast.
std::unique_ptr<Connection> open_writer(const std::string& path, const LocationCipher& cipher, Ballast& ballast) {
    try {
        return open_writer(path, cipher);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::storage_full || !ballast.give_up()) throw;
    }
    return open_writer(path, cipher);
}

}  // namespace

class Catalog::Impl {
public:
    Impl(const std::string& folder, const LocationKeys& keys)
        : cipher(keys), readers(folder + catalog_file, cipher), writer(make_writer(folder, cipher)) {}

    const LocationCipher cipher;
    ReaderPool readers;
    Writer writer;

private:
    static Writer make_writer(const std::string& folder, const LocationCipher& cipher) {
        Ballast ballast(folder);
        auto connection = open_writer(folder + catalog_file, cipher, ballast);
        return {std::move(connection), std::move(ballast)};
    }
};

Catalog::Catalog(const std::string& folder, const LocationKeys& keys) : impl_(std::make_unique<Impl>(folder, keys)) {}
Catalog::~Catalog() = default;

void Catalog::run_on_snapshot(const Operation& operation) { impl_->readers.run(operation); }

void Catalog::run_in_transaction(const Operation& operation) { impl_->writer.run(operation); }

void Catalog::when_changed(std::function<void(Topics)> tell) { impl_->writer.when_changed(std::move(tell)); }

namespace {

/// Scope guard: while it exists, SQLite calls `is_cancelled` every few milliseconds, and aborts the running statement
/// once `is_cancelled` returns true.
class CancelledBy {
public:
    CancelledBy(Connection& db, const std::function<bool()>& is_cancelled) : handle_(db.database().getHandle()) {
        constexpr int steps_between = 100'000;  // instructions of SQLite's virtual machine; they take some milliseconds
        sqlite3_progress_handler(
            handle_, steps_between, [](void* ask) { return (*static_cast<std::function<bool()>*>(ask))() ? 1 : 0; },
            const_cast<std::function<bool()>*>(&is_cancelled));
    }
    ~CancelledBy() { sqlite3_progress_handler(handle_, 0, nullptr, nullptr); }
    CancelledBy(const CancelledBy&) = delete;
    CancelledBy& operator=(const CancelledBy&) = delete;

private:
    sqlite3* handle_;
};

}  // namespace

std::string Catalog::check_integrity(const std::function<bool()>& is_cancelled) {
    std::string found;
    const auto report = [&](const std::string& problem) { found += (found.empty() ? "" : "; ") + problem; };
    read([&](Connection& db) {
        const CancelledBy cancelled(db, is_cancelled);
        for (auto check = db.prepare("PRAGMA integrity_check"); check.step();)
            if (const auto line = check.get<std::string>(0); line != "ok") report(line);
        for (auto check = db.prepare("PRAGMA foreign_key_check"); check.step();)
            report("a row of " + check.get<std::string>(0) + " refers to a row of " + check.get<std::string>(2) +
                   " that does not exist");
    });
    return found.empty() ? "ok" : found;
}

}  // namespace reprieve::catalog
