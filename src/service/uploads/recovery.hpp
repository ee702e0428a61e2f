#pragma once

#include <cstddef>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Result of recover().
struct RecoveryReport {
    std::size_t uploads = 0;          ///< interrupted uploads that were cleaned up
    std::size_t temporary_files = 0;  ///< removed from the stores
};

/// Cleans up uploads that a crash interrupted: removes their bytes and temporary files, and returns their images to
/// `queued` with a reason. Call once, before anything else runs. An image whose bytes cannot be removed now stays
/// `saving`, with the reason, for UploadMender. Leaves interrupted scrubs to the first pass of the scrubber. Throws
/// Error if the catalog cannot be used.
RecoveryReport recover(catalog::Catalog& catalog, store::StoreSet& stores);

}  // namespace reprieve::service
