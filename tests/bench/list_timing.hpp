#pragma once

#include <cstdint>
#include <string>

namespace reprieve::bench {

/// Times pages of 100 of the seeded catalog in `folder`, in this process, JSON included: every sort key, both ways,
/// with its first page, pages in its middle and its last one; then every class of filters. Prints a JSON object a
/// line: the group, the case, the median and the worst of some runs in microseconds, and the images on the page.
void time_lists(const std::string& folder, std::uint64_t images);

/// The same for what projects see that own many, few and no images: alone, with filters and by every sort key.
void time_views(const std::string& folder, std::uint64_t images);

}  // namespace reprieve::bench
