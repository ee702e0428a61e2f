#include <boost/test/unit_test.hpp>

#include "tests/api/api_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct DataRoutes : ApiFixture {
    DataRoutes() { api::add_image_data_routes(router, context); }

    http::Response call(const std::string& method, const std::string& id, http::Fields headers, TextBody body) {
        return ApiFixture::call(method, "/v2/images/" + id + "/file", std::move(headers), std::move(body));
    }
    http::Response put(const std::string& id, http::Fields headers, const std::string& text, bool is_chunked = false) {
        headers.emplace_back("content-type", "application/octet-stream");
        return call("PUT", id, std::move(headers), {text, is_chunked});
    }
    http::Response get(const std::string& id, http::Fields headers = {}) {
        return call("GET", id, std::move(headers), {"", false});
    }
    static std::string content(const http::Response& response) {
        std::string text;
        response.content([&](std::span<const std::byte> bytes) {
            text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            return true;
        });
        return text;
    }
};

const http::Fields five{{"x-openstack-image-size", "5"}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(image_data, DataRoutes)

BOOST_AUTO_TEST_CASE(data_goes_in_and_comes_out) {
    const Image image = queued();
    BOOST_TEST(get(image.id).status == 204);
    BOOST_TEST(put(image.id, {}, "hello").status == 204);
    const auto response = get(image.id);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.content_length == 5U);
    BOOST_TEST(response.content_type == "application/octet-stream");
    BOOST_TEST(content(response) == "hello");
    BOOST_TEST(header(response, "Content-MD5") == "5d41402abc4b2a76b9719d911017c592");
    BOOST_TEST(header(response, "Accept-Ranges") == "bytes");
}

BOOST_AUTO_TEST_CASE(a_part_is_sent_with_its_place) {
    const Image image = active("0123456789");
    const auto response = get(image.id, {{"range", "bytes=2-4"}});
    BOOST_TEST(response.status == 206);
    BOOST_TEST(content(response) == "234");
    BOOST_TEST(header(response, "Content-Range") == "bytes 2-4/10");
    BOOST_TEST(error_of(ErrorKind::range_not_satisfiable, [&] {
                   get(image.id, {{"range", "bytes=10-"}});
               }) != "nothing was thrown");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_held_to_the_size_that_was_announced) {
    const Image image = queued();
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { put(image.id, five, "123456", true); }) ==
               "the upload brings more than the announced 5 bytes");
    BOOST_TEST(status_of(image) == Status::queued);
    BOOST_TEST(local->image_count() == 0U);
    BOOST_TEST(error_of(ErrorKind::disconnected, [&] { put(image.id, five, "1234", true); }).find("4 of 5") !=
               std::string::npos);
    BOOST_TEST(put(image.id, five, "12345", true).status == 204);
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                   put(image.id, {{"x-openstack-image-size", "5x"}}, "", true);
               }) == "x-openstack-image-size must be the number of bytes");
}

BOOST_AUTO_TEST_CASE(an_upload_needs_its_type_and_a_store_that_exists) {
    const Image image = queued();
    BOOST_TEST(error_of(ErrorKind::unsupported_media, [&] {
                   call("PUT", image.id, {}, {"x", false});
               }).starts_with("image data needs"));
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                   put(image.id, {{"x-image-meta-store", "attic"}}, "x");
               }).starts_with("there is no store 'attic'"));
    put(image.id, {{"x-image-meta-store", "spare"}}, "x");
    BOOST_TEST(spare->image_count() == 1U);
}

BOOST_AUTO_TEST_CASE(data_of_another_length_than_it_had_is_not_sent) {
    const Image image = active("five!");
    local->put(image.id, "four");
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { get(image.id); }).find("another length") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
