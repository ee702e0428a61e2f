#pragma once

#include "config/config.hpp"
#include "http/wire/message.hpp"
#include "image/image_query.hpp"

namespace reprieve::api {

/// Reads the query of GET /v2/images (image-api.md, "Images"), and of GET /api/trash, which takes the same.
/// A parameter that is none of the known ones is a filter on a property. Hidden images are left out unless asked for,
/// except with `in_bin`. Throws bad_request, also for more filters or values than a list takes, and where a list
/// outside the bin is to be sorted by what only the bin has.
ImageQuery parse_list_query(const http::Fields& query, const Config::Limits& limits, bool in_bin = false);

/// The query of a page's neighbour: the one given without its marker, and with `marker` where it is not empty.
/// Encoded, without "?".
std::string page_query(const http::Fields& query, const std::string& marker);

}  // namespace reprieve::api
