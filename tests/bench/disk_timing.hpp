#pragma once

#include <cstddef>
#include <string>

namespace reprieve::bench {

/// What the disk under `folder` gives at best, printed as one JSON object: microseconds for a write of 4 KiB with
/// fdatasync (median), and how many files of 4 KiB a second can be unlinked with one fsync of their folder at the end.
void time_disk(const std::string& folder, std::size_t files);

}  // namespace reprieve::bench
