#pragma once

#include <cstdint>
#include <string>

#include "image/image.hpp"

namespace reprieve::bench {

/// The image of that number, always the same: 5 properties, 2 tags, one location; formats, sizes, visibilities and
/// owners mixed as a site has them, many of a few and few of many.
Image seeded_image(std::uint64_t number);

/// Its id.
std::string seeded_id(std::uint64_t number);

/// Makes a catalog in `folder` that holds the images 0 to `count` - 1.
void seed(const std::string& folder, std::uint64_t count);

}  // namespace reprieve::bench
