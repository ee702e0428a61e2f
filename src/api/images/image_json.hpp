#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "api/json_writer.hpp"
#include "image/event.hpp"
#include "image/image.hpp"
#include "service/uploads/resumable_uploads.hpp"

namespace reprieve::api {

/// What a caller is shown of where the bytes of images are.
struct ShownLocations {
    bool direct_url = false;
    bool all = false;
    std::function<std::string(const Location&)> url = {};  ///< what others call it; set where one of the two is shown
};

/// The image as the Image API shows it.
void write_image(JsonWriter& json, const Image& image, const ShownLocations& shown = {});

/// An entry of the bin: the image with deleted_at, deleted_by, scrub_after and blocked.
void write_bin_entry(JsonWriter& json, const Image& image);

/// The bytes of space that a location takes up; nothing where its store cannot tell.
using AllocatedBytes = std::function<std::optional<std::uint64_t>(const Location&)>;

/// The image, in the bin or not, with what the Image API has no field for: why it is where it is, its bytes in each
/// store, its resumable upload, and the latest of what was done to it.
void write_image_details(JsonWriter& json, const Image& image, const AllocatedBytes& allocated,
                         const std::optional<service::ResumableUploads::Upload>& upload,
                         const std::vector<Event>& history);

}  // namespace reprieve::api
