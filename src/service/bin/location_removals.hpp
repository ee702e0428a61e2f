#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/location_table.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Removes the bytes of locations that images have no more. The catalog remembers each until that has succeeded, so
/// that no crash and no store that is away can make anybody forget bytes. Any thread may call.
class LocationRemovals {
public:
    LocationRemovals(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock)
        : catalog_(catalog), stores_(stores), clock_(clock) {}

    /// What was in the way of a removal.
    struct Failure {
        Error error;
        bool is_whole = true;  ///< every byte is there still
    };
    /// Tries one, and writes down how that went. Returns nothing where the bytes are gone.
    std::optional<Failure> attempt(catalog::LocationRemoval removal);

    /// Tries those whose time has come.
    void attempt_due();

private:
    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
    const Clock& clock_;
};

}  // namespace reprieve::service
