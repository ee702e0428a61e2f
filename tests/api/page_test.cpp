#include "api/page.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(pages)

namespace {

std::vector<Image> some(std::size_t count) {
    std::vector<Image> images(count);
    for (std::size_t i = 0; i < count; ++i) images[i].id = "id" + std::to_string(i);
    return images;
}

api::Page page_of(std::size_t limit, std::size_t there_are) {
    ImageQuery query;
    query.limit = limit;
    return api::take_page(query, [&](const ImageQuery& q) { return some(std::min(q.limit, there_are)); });
}

std::string links(const http::Fields& query, const api::Page& page) {
    api::JsonWriter json;
    json.begin_object();
    api::write_page_links(json, "/v2/images", query, page);
    return json.end_object().take();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_page_knows_whether_there_is_another) {
    BOOST_TEST(page_of(3, 2).images.size() == 2U);
    BOOST_TEST(!page_of(3, 2).has_next);
    BOOST_TEST(page_of(3, 3).images.size() == 3U);
    BOOST_TEST(!page_of(3, 3).has_next);
    BOOST_TEST(page_of(3, 4).images.size() == 3U);
    BOOST_TEST(page_of(3, 4).has_next);
    BOOST_TEST(!page_of(3, 0).has_next);
}

BOOST_AUTO_TEST_CASE(an_empty_page_asks_nobody) {
    ImageQuery query;
    query.limit = 0;
    const auto page =
        api::take_page(query, [](const ImageQuery&) -> std::vector<Image> { throw std::logic_error("asked"); });
    BOOST_TEST(page.images.empty());
    BOOST_TEST(!page.has_next);
}

BOOST_AUTO_TEST_CASE(links_keep_the_query_of_the_client) {
    BOOST_TEST(links({}, page_of(2, 2)) == R"({"first":"/v2/images"})");
    BOOST_TEST(links({}, page_of(2, 3)) == R"({"first":"/v2/images","next":"/v2/images?marker=id1"})");
    BOOST_TEST(links({{"limit", "2"}, {"marker", "x"}, {"name", "a&b"}}, page_of(2, 3)) ==
               R"({"first":"/v2/images?limit=2&name=a%26b","next":"/v2/images?limit=2&name=a%26b&marker=id1"})");
}

BOOST_AUTO_TEST_SUITE_END()
