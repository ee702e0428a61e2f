#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/location_table.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Removal of the bytes of locations that their images no longer have. The catalog keeps each removal until it
/// succeeds, so that no crash and no unreachable store leaves bytes that nobody knows. Any thread may call.
class LocationRemovals {
public:
    LocationRemovals(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock)
        : catalog_(catalog), stores_(stores), clock_(clock) {}

    /// Reason why a removal failed.
    struct Failure {
        Error error;
        bool is_whole = true;  ///< every byte is still in the store
    };
    /// Attempts one removal and records the result in the catalog. Keeps the bytes if an image has the location again,
    /// and only deletes the record. Returns the failure; nullopt if there was none. Throws Error if the catalog
    /// cannot be used.
    std::optional<Failure> attempt(catalog::LocationRemoval removal);

    /// Attempts each removal that is due, once. Throws Error if the catalog cannot be used.
    void attempt_due();

private:
    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
    const Clock& clock_;
};

}  // namespace reprieve::service
