#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/buffer_pool.hpp"
#include "config/config.hpp"
#include "store/space_ledger.hpp"
#include "store/store.hpp"

namespace reprieve::store {

struct Neighbours;

/// All stores of the configuration, by name. Immutable after construction, so any thread may call.
class StoreSet {
public:
    /// Opens every store. Creates the folder of a new file store. If a file store was used before and its folder is
    /// missing now, because its disk is not mounted, the functions of that store throw unavailable until the folder is
    /// back. A store on Ceph connects to its cluster only at its first use.
    ///
    /// `data_folder` holds the images of a file store without a configured path, and for each file store a file
    /// "stores/NAME" with the id of the store's folder. `buffers` must outlive the set. Throws bad_request if the
    /// configuration is wrong, internal if a new store cannot be opened, unavailable if Ceph's library is missing; the
    /// message names the store.
    StoreSet(const Config& config, const std::string& data_folder, BufferPool& buffers);

    /// Takes stores that the caller has opened, for tests. Requires: `default_name` is one of them.
    StoreSet(std::map<std::string, std::unique_ptr<Store>> stores, std::string default_name);

    /// Returns the store with that name. Throws not_found, with the names of all stores, if there is none. That can
    /// happen for the location of an image, because its store may no longer be configured.
    Store& at(const std::string& name) const;
    bool contains(const std::string& name) const { return entries_.contains(name); }

    const std::string& default_name() const { return default_name_; }
    Store& default_store() const { return at(default_name_); }

    /// Returns all names in alphabetical order.
    std::vector<std::string> names() const;

    /// Returns the store's section of the configuration, with the path of a file store filled in. Returns the defaults
    /// for stores that the caller of the constructor has opened. Throws as at() does.
    const StoreConfig& config(const std::string& name) const;

    /// Returns the reserved bytes of the file system of the folder `path`. All file stores on this file system share
    /// the object. Throws internal if the folder does not exist.
    std::shared_ptr<Promises> promises_at(const std::string& path) const;

private:
    struct Entry {
        std::unique_ptr<Store> store;
        StoreConfig config;
    };

    const Entry& entry(const std::string& name) const;

    std::shared_ptr<Neighbours> neighbours_;
    std::map<std::string, Entry> entries_;
    std::string default_name_;
};

}  // namespace reprieve::store
