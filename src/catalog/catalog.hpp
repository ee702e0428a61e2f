#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "catalog/engine/location_cipher.hpp"
#include "image/topic.hpp"

namespace reprieve::catalog {

class Connection;

/// The catalog: one SQLite file, with one writer at a time and several concurrent readers. Any thread may call. Throws
/// each failure of SQLite as an Error: storage_full, unavailable or internal (engine/sqlite_error.hpp).
class Catalog {
public:
    /// Opens `folder`/catalog.db, creating it if it is missing, and migrates an older schema. Encrypts the URIs of
    /// locations as `keys` says (engine/location_key.hpp). Requires: the caller holds the lock on the folder
    /// (app/data_folder.hpp).
    ///
    /// Throws unavailable if the schema is newer than this binary knows, if the file is not a catalog, or if the URIs
    /// are stored under another key; bad_request if a key is malformed.
    explicit Catalog(const std::string& folder, const LocationKeys& keys = {});
    ~Catalog();

    /// Runs `work` on a read-only snapshot of the catalog. Returns the result of `work` and passes on its exceptions.
    /// Blocks while all connections for reading are in use. `work` must not keep the connection after it returns, and
    /// must not call write().
    template <typename Work>
    auto read(const Work& work) {
        return result_of(work, [this](const Operation& operation) { run_on_snapshot(operation); });
    }

    /// Runs `work` in a transaction that is durable when write() returns. Returns the result of `work`. If `work`
    /// throws, rolls back its changes and passes on the exception. One commit can serve calls from several threads, and
    /// `work` may run on the thread of another caller, but each call still takes effect completely or not at all. Other
    /// writers wait meanwhile, so `work` must be short, and must not call write() or wait for another write().
    ///
    /// If the disk is full, deletes the reserve file (engine/ballast.hpp) and runs `work` again, so `work` must not
    /// depend on running only once. Throws storage_full if the disk is still full.
    template <typename Work>
    auto write(const Work& work) {
        return result_of(work, [this](const Operation& operation) { run_in_transaction(operation); });
    }

    /// Registers `tell`, which is called after each durable commit that changed data that clients can see. It receives
    /// the topics of the change (image/topic.hpp). `tell` runs on a writing thread while other writers wait, so it must
    /// be quick, and it must not throw. Requires: when_changed() is called before any thread writes.
    void when_changed(std::function<void(Topics)> tell);

    /// Runs PRAGMA integrity_check and foreign_key_check. Returns "ok", or the problems, separated by "; ". Reads the
    /// whole file, and calls `is_cancelled` every few milliseconds. Once `is_cancelled` returns true, stops and throws
    /// internal.
    std::string check_integrity(const std::function<bool()>& is_cancelled = [] { return false; });

private:
    class Impl;
    using Operation = std::function<void(Connection&)>;

    void run_on_snapshot(const Operation& operation);
    void run_in_transaction(const Operation& operation);

    /// Calls `run`, which calls `work` once or more often. Returns the result of the last call of `work`.
    template <typename Work, typename Run>
    static auto result_of(const Work& work, const Run& run) {
        using Result = std::invoke_result_t<const Work&, Connection&>;
        if constexpr (std::is_void_v<Result>) {
            run(work);
        } else {
            std::optional<Result> result;
            run([&](Connection& db) { result.emplace(work(db)); });
            return std::move(*result);
        }
    }

    std::unique_ptr<Impl> impl_;
};

}  // namespace reprieve::catalog
