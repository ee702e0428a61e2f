#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "image/image.hpp"
#include "image/member.hpp"

namespace reprieve::bench {

/// The image of that number, always the same: 5 properties, 2 tags, one location; formats, sizes, visibilities and
/// owners mixed as a site has them, many of a few and few of many.
Image seeded_image(std::uint64_t number);

/// Its id.
std::string seeded_id(std::uint64_t number);

/// The project that it is shared with: of every tenth image that can be.
std::optional<ImageMember> seeded_member(const Image& image, std::uint64_t number);

/// Makes a catalog in `folder` that holds the images 0 to `count` - 1.
void seed(const std::string& folder, std::uint64_t count);

}  // namespace reprieve::bench
