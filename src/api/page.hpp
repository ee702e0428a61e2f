#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/json_writer.hpp"
#include "http/wire/message.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"

namespace reprieve::api {

/// A page of a list, and whether there is another behind it.
struct Page {
    std::vector<Image> images;
    bool has_next = false;
};

/// Asks for one image more than the page holds, which tells whether there is another page.
Page take_page(ImageQuery query, const std::function<std::vector<Image>(const ImageQuery&)>& list);

/// Writes "first" and, where there is another page, "next": paths that keep the client's own query.
void write_page_links(JsonWriter& json, std::string_view path, const http::Fields& query, const Page& page);

}  // namespace reprieve::api
