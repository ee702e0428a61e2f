#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "api/json_writer.hpp"
#include "image/image.hpp"

namespace reprieve::api {

/// The image as the Image API shows it.
void write_image(JsonWriter& json, const Image& image);

/// An entry of the bin: the image with deleted_at, deleted_by, scrub_after and blocked.
void write_bin_entry(JsonWriter& json, const Image& image);

/// The bytes of space that a location takes up; nothing where its store cannot tell.
using AllocatedBytes = std::function<std::optional<std::uint64_t>(const Location&)>;

/// The image, in the bin or not, with what the Image API has no field for: why it is where it is, and its bytes in each
/// store.
void write_image_details(JsonWriter& json, const Image& image, const AllocatedBytes& allocated);

}  // namespace reprieve::api
