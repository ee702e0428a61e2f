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

/// The catalog: one SQLite file, with one writer at a time and several readers beside it. Any thread may call. Failures
/// of SQLite are thrown as Error: storage_full, unavailable or internal (engine/sqlite_error.hpp).
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

    /// Runs `work` on a read-only snapshot. Returns its result and passes on its exceptions. Blocks while all readers
    /// are busy. `work` must not keep the connection, and must not call write().
    template <typename Work>
    auto read(const Work& work) {
        return result_of(work, [this](const Operation& operation) { run_on_snapshot(operation); });
    }

    /// Runs `work` in a transaction that is durable when this returns. Returns its result. If `work` throws, its
    /// changes are rolled back and the exception is passed on. Calls from several threads are committed together, but
    /// each is still all or nothing. So `work` must be short, and must not call write() or wait for another write().
    ///
    /// On a full disk the reserve file (engine/ballast.hpp) is deleted and `work` runs again, so it must not depend on
    /// running only once. Throws storage_full if the disk is still full.
    template <typename Work>
    auto write(const Work& work) {
        return result_of(work, [this](const Operation& operation) { run_in_transaction(operation); });
    }

    /// Registers `tell`, which receives the topics of each transaction once that is durable. `tell` runs on a thread
    /// that writes while other writers wait, so it must be quick, and it must not throw. Requires: called before any
    /// thread writes.
    void when_changed(std::function<void(Topics)> tell);

    /// Runs PRAGMA integrity_check and foreign_key_check. Returns "ok", or the problems, separated by "; ". Reads the
    /// whole file, and calls `is_cancelled` every few milliseconds. Stops and throws internal once that returns true.
    std::string check_integrity(const std::function<bool()>& is_cancelled = [] { return false; });

private:
    class Impl;
    using Operation = std::function<void(Connection&)>;

    void run_on_snapshot(const Operation& operation);
    void run_in_transaction(const Operation& operation);

    /// Returns what `work` returned the last time that `run` has called it.
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
