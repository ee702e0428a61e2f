#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "image/image.hpp"
#include "image/member.hpp"

namespace reprieve::bench {

/// Returns the image with that number; the same number always gives the same image. It has 5 properties, 2 tags and,
/// unless it is queued, one location. Formats, sizes, visibilities and owners are mixed as at a real site: a few values
/// are frequent, many are rare.
Image seeded_image(std::uint64_t number);

/// Returns the id of the image with that number.
std::string seeded_id(std::uint64_t number);

/// Returns the project that the image is shared with; nullopt unless its visibility is `shared` and `number` a multiple
/// of 10.
std::optional<ImageMember> seeded_member(const Image& image, std::uint64_t number);

/// Creates a catalog in `folder` with the images 0 to `count` - 1.
void seed(const std::string& folder, std::uint64_t count);

}  // namespace reprieve::bench
