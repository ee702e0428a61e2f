#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// All stores of the configuration, by name. Made once at the start; any thread may read afterwards.
class StoreSet {
public:
    /// Opens every store and creates its folder where it is missing; `data_folder` is where a store
    /// without a path of its own lies. Throws bad_request for a wrong configuration, internal where a
    /// store cannot be opened; the message names the store.
    StoreSet(const Config& config, const std::string& data_folder);

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

    /// As the configuration says; empty where it says nothing. Throws as at().
    const std::string& description(const std::string& name) const;

private:
    struct Entry {
        std::unique_ptr<Store> store;
        std::string description;
    };

    const Entry& entry(const std::string& name) const;

    std::map<std::string, Entry> entries_;
    std::string default_name_;
};

}  // namespace reprieve::store
