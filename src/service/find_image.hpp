#pragma once

#include <optional>
#include <string_view>

#include "catalog/engine/connection.hpp"
#include "image/access.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"

namespace reprieve::service {

// Lookups of images for services. They find the image and check the caller's right to it in the transaction that then
// uses the image. All throw not_found for an id that is unknown or malformed, and for an image that is hidden from the
// caller. They throw forbidden if the caller may see no images at all, or may not do `action` with this image.

/// Returns the image with that id if the Image API shows it: neither deleted, nor in the bin, nor being scrubbed.
Image find_visible(catalog::Connection& db, const Caller& caller, Action action, std::string_view id);

/// Returns the image with that id unless it is deleted. Includes images in the bin and those being scrubbed.
Image find_undeleted(catalog::Connection& db, const Caller& caller, Action action, std::string_view id);

/// Returns the image with that id if it is in the bin. Includes images that a scrub has claimed.
Image find_in_bin(catalog::Connection& db, const Caller& caller, Action action, std::string_view id);

/// Returns the image with that id if it is in the bin, for the scrubber, which has no caller. If `owner` is set, the
/// image must belong to that project. Throws not_found.
Image find_in_bin(catalog::Connection& db, std::string_view id, const std::optional<std::string>& owner);

/// Throws bad_request if `query.marker`, the image after which the page starts, is not an image that the caller may see
/// in this list.
void check_marker(catalog::Connection& db, const Caller& caller, const ImageQuery& query);

}  // namespace reprieve::service
