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

/// The catalog: one SQLite file. One writer at a time, many readers beside it. Any thread may call.
class Catalog {
public:
    /// Opens `folder`/catalog.db, creates it where it is missing, and brings an older schema up to date.
    /// Throws unavailable where the schema is newer than this binary knows, or the file is none of ours.
    /// The caller holds the lock on the folder (app/data_folder.hpp).
    /// The URIs of locations are brought under `keys`: throws unavailable where they have another key.
    explicit Catalog(const std::string& folder, const LocationKeys& keys = {});
    ~Catalog();

    /// Runs `work` on a snapshot and returns what it returns. Do not keep the connection, and do not call write()
    /// inside.
    template <typename Work>
    auto read(const Work& work) {
        return result_of(work, [this](const Operation& operation) { run_on_snapshot(operation); });
    }

    /// Runs `work` in a transaction that is durable when this returns. Where `work` throws, nothing of it
    /// stays and the exception comes out here. Calls from several threads at once are committed
    /// together, each still all or nothing; so `work` must be short and must not wait for another
    /// write(). On a full disk the reserve is given up and `work` is run once more, so it must not
    /// depend on running only once. Throws storage_full where the disk takes no more.
    template <typename Work>
    auto write(const Work& work) {
        return result_of(work, [this](const Operation& operation) { run_in_transaction(operation); });
    }

    /// From now on `tell` is told what each transaction has changed, once that is durable: on a thread that writes,
    /// while the others wait, so it must be quick; and it must not throw. To be set before any thread writes.
    void when_changed(std::function<void(Topics)> tell);

    /// PRAGMA integrity_check and foreign_key_check: "ok", or what is wrong. It reads the whole file; where
    /// `is_cancelled` says so meanwhile, it ends and throws unavailable.
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
