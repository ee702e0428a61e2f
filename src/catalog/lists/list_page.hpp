#pragma once

#include <cstdint>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "catalog/lists/list_plan.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// Returns the numbers (images.n) of the images on the page that `query` asks for, in order. Throws bad_request if the
/// marker is not an image outside the bin (for a list of the bin: in it).
///
/// If the query has a view, finds a page for each of its parts and merges them, so that each part uses the index that
/// suits it. A single condition "public, or own, or shared" would have to be tested on image after image, up to the end
/// of the catalog if a project sees only a few. An image in several parts is on the page once.
std::vector<std::int64_t> find_page(Connection& db, const ImageQuery& query, const PlanLimits& limits = {});

}  // namespace reprieve::catalog
