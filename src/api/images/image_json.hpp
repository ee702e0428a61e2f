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

/// Selection of the locations that a caller may see of an image; none by default.
struct ShownLocations {
    bool direct_url = false;  ///< show the URL of the first location
    bool all = false;         ///< show all locations
    /// Returns a location's URL. Needed if `direct_url` or `all` is set.
    std::function<std::string(const Location&)> url = {};
};

/// Writes the image as the Image API shows it.
void write_image(JsonWriter& json, const Image& image, const ShownLocations& shown = {});

/// Writes an entry of the bin: the image with deleted_at, deleted_by, scrub_after and blocked. Requires: the image is
/// in the bin.
void write_bin_entry(JsonWriter& json, const Image& image);

/// Function that returns the bytes of space that a location takes up; nullopt if its store cannot tell.
using AllocatedBytes = std::function<std::optional<std::uint64_t>(const Location&)>;

/// Writes the image, in the bin or not, with fields that the Image API does not have: the reason of its status, its
/// bytes in each store, its resumable upload, and its latest events (`history`).
void write_image_details(JsonWriter& json, const Image& image, const AllocatedBytes& allocated,
                         const std::optional<service::ResumableUploads::Upload>& upload,
                         const std::vector<Event>& history);

}  // namespace reprieve::api
