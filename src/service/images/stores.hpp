#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "config/config.hpp"
#include "image/image.hpp"
#include "image/space_sample.hpp"
#include "service/images/locations.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Information about the configured stores. Any thread may call.
class Stores {
public:
    Stores(catalog::Catalog& catalog, const store::StoreSet& stores) : catalog_(catalog), stores_(stores) {}

    struct Entry {
        std::string name;
        StoreConfig config;  ///< with the path of a file store filled in
        bool is_default = false;
        bool is_read_only = false;
    };
    /// Returns all stores, in alphabetical order.
    std::vector<Entry> list() const;

    /// Totals of all images, and the space of each store.
    struct Overview {
        catalog::ImageTotals totals;
        std::map<Status, std::uint64_t> by_status;
        struct StoreSpace {
            Entry store;
            StoreUsage usage;
            store::Space space;
            std::string error;  ///< why the store cannot report its free space; else empty
        };
        std::vector<StoreSpace> stores;
    };
    Overview overview() const;

    bool contains(const std::string& name) const { return stores_.contains(name); }

    /// Returns the URL by which other services know the bytes of a location: the direct_url of the Image API.
    std::string public_url(const Location& location) const { return service::public_url(stores_, location); }

    /// Returns the bytes of space that a location takes up in its store: 0 in a read-only store, nullopt if the
    /// location is not stored yet, or its store cannot report the space.
    std::optional<std::uint64_t> allocated(const Location& location) const;

    /// Returns the reason why the appliance is not ready: the catalog or the default store does not answer. Empty if
    /// both answer.
    std::string not_ready_reason();

private:
    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
};

}  // namespace reprieve::service
