#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/json_writer.hpp"
#include "http/wire/message.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"

namespace reprieve::api {

/// One page of a list of images.
struct Page {
    std::vector<Image> images;
    bool has_next = false;  ///< another page follows
};

/// Returns the page that `query` asks for, with at most query.limit images. Asks `list` for one image more, to see
/// whether another page follows. Does not call `list` if the limit is 0.
Page take_page(ImageQuery query, const std::function<std::vector<Image>(const ImageQuery&)>& list);

/// Writes the field "first", the link to the first page, and if another page follows, the field "next", the link to
/// that page. A link consists of `path` and the client's `query`; in "next" the query has a new marker.
void write_page_links(JsonWriter& json, std::string_view path, const http::Fields& query, const Page& page);

}  // namespace reprieve::api
