#pragma once

#include <cstdint>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "catalog/lists/list_plan.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// Returns the numbers (images.n) of the images on the page that `query` asks for, in the order of the list. Throws
/// bad_request if the marker, the image after which the page begins, is not in the list: outside the bin, or in the bin
/// for a list of the bin.
///
/// A view of `query` consists of parts, such as public images and own images. If there is a view, finds a page of each
/// part and merges these pages, so that each part uses the index that suits it. A single condition "public, or own, or
/// shared" would have to be tested on image after image, up to the end of the catalog if a project sees only a few
/// images. An image in several parts is on the page once.
std::vector<std::int64_t> find_page(Connection& db, const ImageQuery& query, const PlanLimits& limits = {});

}  // namespace reprieve::catalog
