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

/// All stores of the configuration, by name. Made once at the start; any thread may read afterwards.
class StoreSet {
public:
    /// Opens every store. The folder of a new one is created; one that was used before and is not there, as its disk is
    /// not mounted, is unavailable until it is. A cluster is connected to when it is first used. `data_folder` is where
    /// a store without a path of its own lies, and what tells the folders of the stores ("stores"). Throws bad_request
    /// for a wrong configuration, internal where a new store cannot be opened, unavailable where its library is
    /// missing; the message names the store. `buffers` outlives the set.
    StoreSet(const Config& config, const std::string& data_folder, BufferPool& buffers);

    /// For tests, and for whoever makes the stores otherwise. `default_name` must be one of them.
    StoreSet(std::map<std::string, std::unique_ptr<Store>> stores, std::string default_name);

    /// Throws not_found with the names that there are. An image's location can name a store that has
    /// left the configuration.
    Store& at(const std::string& name) const;
    bool contains(const std::string& name) const { return entries_.contains(name); }

    const std::string& default_name() const { return default_name_; }
    Store& default_store() const { return at(default_name_); }

    /// In alphabetical order.
    std::vector<std::string> names() const;

    /// The section of the configuration, with the path of a file store filled in; for a set of tests the defaults.
    /// Throws as at().
    const StoreConfig& config(const std::string& name) const;

    /// What was promised of the file system that the folder `path` is on; the file stores there share it. The folder
    /// has to be there. Throws internal.
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
