#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

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

    /// Runs `work` on a snapshot. Do not keep the connection, and do not call write() inside.
    void read(const std::function<void(Connection&)>& work);

    /// Runs `work` in a transaction that is durable when this returns. Where `work` throws, nothing of it
    /// stays and the exception comes out here. Calls from several threads at once are committed
    /// together, each still all or nothing; so `work` must be short and must not wait for another
    /// write(). On a full disk the reserve is given up and `work` is run once more, so it must not
    /// depend on running only once. Throws storage_full where the disk takes no more.
    void write(const std::function<void(Connection&)>& work);

    /// From now on `tell` is told what each transaction has changed, once that is durable: on a thread that writes,
    /// while the others wait, so it must be quick; and it must not throw. To be set before any thread writes.
    void when_changed(std::function<void(Topics)> tell);

    /// PRAGMA integrity_check and foreign_key_check: "ok", or what is wrong. It reads the whole file; where
    /// `is_cancelled` says so meanwhile, it ends and throws unavailable.
    std::string check_integrity(const std::function<bool()>& is_cancelled = [] { return false; });

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace reprieve::catalog
