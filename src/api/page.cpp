#include "api/page.hpp"

#include "api/list_query.hpp"

namespace reprieve::api {

Page take_page(ImageQuery query, const std::function<std::vector<Image>(const ImageQuery&)>& list) {
    Page page;
    const std::size_t limit = query.limit;
    if (limit == 0) return page;
    ++query.limit;
    page.images = list(query);
    page.has_next = page.images.size() > limit;
    if (page.has_next) page.images.resize(limit);
    return page;
}

void write_page_links(JsonWriter& json, std::string_view path, const http::Fields& query, const Page& page) {
    const auto link = [&](const std::string& marker) {
        const std::string parameters = page_query(query, marker);
        return std::string(path) + (parameters.empty() ? "" : "?" + parameters);
    };
    json.field("first", link(""));
    if (page.has_next) json.field("next", link(page.images.back().id));
}

}  // namespace reprieve::api
