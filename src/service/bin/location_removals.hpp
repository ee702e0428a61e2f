#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/location_table.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Remover of the bytes at locations that images no longer have. The catalog keeps a record of each removal until it
/// succeeds, so that neither a crash nor an unreachable store leaves bytes that nobody knows. Any thread may call.
class LocationRemovals {
public:
    LocationRemovals(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock)
        : catalog_(catalog), stores_(stores), clock_(clock) {}

    /// Reason why a removal failed.
    struct Failure {
        Error error;
        bool is_whole = true;  ///< true if every byte is still in the store
    };
    /// Attempts one removal and records the result in the catalog. If an image has the location again, keeps the bytes
    /// and only deletes the record of the removal. Returns the failure; nullopt if there was none. Throws Error if the
    /// catalog cannot be used.
    std::optional<Failure> attempt(catalog::LocationRemoval removal);

    /// Attempts each removal that is due, once. Throws Error if the catalog cannot be used.
    void attempt_due();

private:
    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
    const Clock& clock_;
};

}  // namespace reprieve::service
