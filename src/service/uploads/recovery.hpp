#pragma once

#include <cstddef>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Mends what a crash left of uploads: removes their bytes and temporary files, gives their images back as
/// queued, with the reason. Called once, before anything else runs. Half-done scrubs are
/// not touched here: the first pass of the scrubber finishes them. An image whose bytes cannot be removed now stays
/// saving, with the reason, for UploadMender.
struct RecoveryReport {
    std::size_t uploads = 0;          ///< images given back
    std::size_t temporary_files = 0;  ///< removed from the stores
};
RecoveryReport recover(catalog::Catalog& catalog, store::StoreSet& stores);

}  // namespace reprieve::service
