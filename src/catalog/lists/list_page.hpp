#pragma once

#include <cstdint>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "catalog/lists/list_plan.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// images.n of the page that `query` asks for, in order.
///
/// Where it has a view, the page is put together from that of each part, so that every part is found on the index that
/// suits it: one condition "public, or own, or shared" would be tested on image after image, for a project that sees
/// few of them until the end of the catalog. An image that is in several parts is on the page once.
std::vector<std::int64_t> find_page(Connection& db, const ImageQuery& query, const PlanLimits& limits = {});

}  // namespace reprieve::catalog
