#pragma once

#include <string>

#include "base/file.hpp"

namespace reprieve::store {

/// Opens the folder of a file store, and tells it from the empty mount point that is left where its disk is missing: by
/// a file in it, ".reprieve-store", whose text is in the file `record` of the data folder too, from the first time on.
/// Only that first time is the folder created.
///
/// Throws unavailable where the folder is missing or not the one of the record, without its path; internal, with it,
/// where it cannot be opened or written to. Whoever means another folder removes the record.
FileDescriptor open_marked_folder(const std::string& folder, const std::string& record);

}  // namespace reprieve::store
