#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "image/image.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// What there is to say about the stores as such. Any thread may call.
class Stores {
public:
    Stores(catalog::Catalog& catalog, const store::StoreSet& stores) : catalog_(catalog), stores_(stores) {}

    struct Entry {
        std::string name;
        std::string description;
        bool is_default = false;
    };
    /// In alphabetical order.
    std::vector<Entry> list() const;

    bool contains(const std::string& name) const { return stores_.contains(name); }

    /// The bytes of space that a location takes up; nothing where its store cannot tell.
    std::optional<std::uint64_t> allocated(const Location& location) const;

    /// Why the appliance cannot do its work now: the catalog or the default store does not answer. Empty where both do.
    std::string not_ready_reason();

private:
    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
};

}  // namespace reprieve::service
