#pragma once

#include <cstddef>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Result of recover().
struct RecoveryReport {
    std::size_t uploads = 0;          ///< images whose interrupted upload was cleaned up, deleted images included
    std::size_t temporary_files = 0;  ///< number of files removed from the stores
};

/// Cleans up uploads that a crash interrupted. Removes the temporary files of all stores, then the bytes and the
/// locations of these uploads, and returns their images from `saving` to `queued` with a reason. Blocks until all
/// stores have answered or failed.
///
/// If the bytes of an image cannot be removed now, logs the problem; the image stays `saving`, with the reason, and
/// UploadMender retries later. A store that fails is logged and does not stop the recovery. Skips unfinished resumable
/// uploads, which ResumableUploads::recover() restores, and interrupted scrubs, which the first pass of the scrubber
/// finishes.
///
/// Call it once, before any upload or background thread starts. Throws Error if the catalog cannot be used.
RecoveryReport recover(catalog::Catalog& catalog, store::StoreSet& stores);

}  // namespace reprieve::service
