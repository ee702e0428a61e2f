#pragma once

#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// Returns the page that `query` asks for, with the properties, tags and locations of its images. Throws bad_request if
/// the marker, the image after which the page begins, is not in the list: outside the bin, or in the bin for a list of
/// the bin. Throws unavailable if the URI of a location cannot be decrypted. Call inside Catalog::read or
/// Catalog::write.
std::vector<Image> list_images(Connection& db, const ImageQuery& query);

}  // namespace reprieve::catalog
