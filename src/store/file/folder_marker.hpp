#pragma once

#include <string>

#include "base/file.hpp"

namespace reprieve::store {

/// Opens the folder of a file store, and refuses the empty mount point that remains if the store's disk is not mounted.
/// The first call creates the folder and writes the same id into two files: ".reprieve-store" in the folder, and
/// `record`, a path in the data folder. The id is new, unless ".reprieve-store" has one already. Later calls compare
/// the ids of the two files. To use another folder, the operator deletes the record.
///
/// Throws unavailable, with a message without the path, if the folder is missing or has another id than the record.
/// Throws internal, with a message that may have the path, if the folder or one of the files cannot be opened or
/// written.
FileDescriptor open_marked_folder(const std::string& folder, const std::string& record);

}  // namespace reprieve::store
