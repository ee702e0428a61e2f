#pragma once

#include <cstddef>
#include <string>

namespace reprieve::bench {

/// Measures the disk of `folder`. Prints one JSON object: the median microseconds of a 4 KiB write with fdatasync, and
/// the files of 4 KiB that can be unlinked a second, of `files`, with one fsync of their folder at the end.
void time_disk(const std::string& folder, std::size_t files);

}  // namespace reprieve::bench
