#pragma once

#include "config/config.hpp"
#include "http/wire/message.hpp"
#include "image/image_query.hpp"

namespace reprieve::api {

/// Parses the query of GET /v2/images (Image API v2, "List images") and of GET /api/trash, which has the same
/// parameters. An unknown parameter is a filter on the property of that name. The list leaves out hidden images unless
/// the query asks for them; if `in_bin` is set, the list includes them. Throws bad_request for a malformed value, for
/// too many filters or values, and for a list outside the bin that is sorted by deleted_at or scrub_after.
ImageQuery parse_list_query(const http::Fields& query, const Config::Limits& limits, bool in_bin = false);

/// Returns the query of another page of the same list: `query` without its marker, and with `marker` unless that is
/// empty. The result is percent-encoded and has no "?".
std::string page_query(const http::Fields& query, const std::string& marker);

}  // namespace reprieve::api
