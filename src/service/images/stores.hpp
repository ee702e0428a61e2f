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

/// What there is to say about the stores as such. Any thread may call.
class Stores {
public:
    Stores(catalog::Catalog& catalog, const store::StoreSet& stores) : catalog_(catalog), stores_(stores) {}

    struct Entry {
        std::string name;
        StoreConfig config;  ///< with the path of a file store filled in
        bool is_default = false;
        bool is_read_only = false;
    };
    /// In alphabetical order.
    std::vector<Entry> list() const;

    /// What there is in all, and how much more the stores take.
    struct Overview {
        catalog::ImageTotals totals;
        std::map<Status, std::uint64_t> by_status;
        struct StoreSpace {
            Entry store;
            StoreUsage usage;
            store::Space space;
            std::string error;  ///< why the store cannot tell; empty where it can
        };
        std::vector<StoreSpace> stores;
    };
    Overview overview() const;

    bool contains(const std::string& name) const { return stores_.contains(name); }

    /// What other services call the bytes of a location: the direct_url of the Image API.
    std::string public_url(const Location& location) const { return service::public_url(stores_, location); }

    /// The bytes of space that a location takes up; nothing where its store cannot tell.
    std::optional<std::uint64_t> allocated(const Location& location) const;

    /// Why the appliance cannot do its work now: the catalog or the default store does not answer. Empty where both do.
    std::string not_ready_reason();

private:
    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
};

}  // namespace reprieve::service
