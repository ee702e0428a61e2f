#pragma once

#include <cstdint>
#include <string>

namespace reprieve::bench {

/// Measures pages of 100 images of the seeded catalog in `folder`, in this process, including their JSON: every sort
/// key in both directions (first page, a page in the middle, last page), then every class of filters. Prints one JSON
/// object a line: the group, the case, the median and the longest of 7 runs in microseconds, and the number of images
/// on the page. `images`: number of images in the catalog.
void time_lists(const std::string& folder, std::uint64_t images);

/// Does the same for the lists of projects that see many, few and no images: without a filter and with some, by every
/// sort key.
void time_views(const std::string& folder, std::uint64_t images);

}  // namespace reprieve::bench
