#include <boost/test/unit_test.hpp>

#include "tests/api/api_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

const std::pair<std::string, std::string> speaks{"tus-resumable", "1.0.0"};
const std::pair<std::string, std::string> is_stream{"content-type", "application/offset+octet-stream"};
const std::string all = "/api/uploads";

/// Returns the text in base64. Requires: its length is a multiple of 3, as that of an id is.
std::string base64(std::string_view text) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string encoded;
    for (std::size_t i = 0; i + 3 <= text.size(); i += 3) {
        const unsigned bits = static_cast<unsigned char>(text[i]) << 16U |
                              static_cast<unsigned char>(text[i + 1]) << 8U | static_cast<unsigned char>(text[i + 2]);
        for (const unsigned shift : {18U, 12U, 6U, 0U}) encoded += digits[bits >> shift & 63U];
    }
    return encoded;
}

struct TusRoutes : ApiFixture {
    TusRoutes() { api::add_tus_routes(router, context); }

    struct Answer {
        http::Response response;
        std::optional<ErrorKind> refusal;
    };
    /// Returns the answer, with the kind of the error if the request was refused.
    Answer ask(const std::string& method, const std::string& path, http::Fields headers, const std::string& text = {}) {
        Answer answer;
        try {
            call(method, path, std::move(headers), {text, false}, answer.response);
        } catch (const Error& error) {
            answer.refusal = error.kind();
        }
        return answer;
    }
    Answer create(const Image& image, http::Fields more, const std::string& text = {}) {
        http::Fields headers{speaks, {"upload-metadata", "image_id " + base64(image.id)}};
        headers.insert(headers.end(), more.begin(), more.end());
        return ask("POST", all, std::move(headers), text);
    }
    /// Creates an upload of five bytes. Returns its path.
    std::string begin(const Image& image) {
        const auto answer = create(image, {{"upload-length", "5"}});
        const std::string location = header(answer.response, "Location");
        BOOST_REQUIRE(location.starts_with("http://box:9292/api/uploads/"));
        return location.substr(std::string("http://box:9292").size());
    }
    std::string offset(const std::string& path) {
        return header(ask("HEAD", path, {speaks}).response, "Upload-Offset");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tus_routes, TusRoutes)

BOOST_AUTO_TEST_CASE(an_upload_goes_its_way) {
    const Image image = queued();
    const auto created = create(image, {{"upload-length", "5"}}).response;
    BOOST_TEST(created.status == 201);
    BOOST_TEST(header(created, "Upload-Offset") == "0");
    BOOST_TEST(header(created, "Upload-Expires") == "Tue, 14 Nov 2023 23:13:20 GMT");
    const std::string path = header(created, "Location").substr(std::string("http://box:9292").size());
    const auto half = ask("PATCH", path, {speaks, is_stream, {"upload-offset", "0"}}, "he").response;
    BOOST_TEST(half.status == 204);
    BOOST_TEST(header(half, "Upload-Offset") == "2");
    const auto seen = ask("HEAD", path, {speaks}).response;
    BOOST_TEST(seen.status == 200);
    BOOST_TEST(seen.body == "");
    BOOST_TEST(header(seen, "Upload-Offset") == "2");
    BOOST_TEST(header(seen, "Upload-Length") == "5");
    BOOST_TEST(header(seen, "Upload-Metadata") == "image_id " + base64(image.id));
    BOOST_TEST(header(seen, "Cache-Control") == "no-store");
    const auto whole = ask("PATCH", path, {speaks, is_stream, {"upload-offset", "2"}}, "llo").response;
    BOOST_TEST(header(whole, "Upload-Offset") == "5");
    BOOST_TEST(header(whole, "Upload-Expires") == "");
    BOOST_TEST(images.get(alice, image.id).checksum.value() == "5d41402abc4b2a76b9719d911017c592");
    BOOST_TEST(ask("DELETE", path, {speaks}).response.status == 204);
    BOOST_TEST((ask("HEAD", path, {speaks}).refusal == ErrorKind::not_found));
}

BOOST_AUTO_TEST_CASE(whoever_only_looks_gets_json_without_saying_tus) {
    const Image image = queued();
    const std::string path = begin(image);
    BOOST_TEST(ask("GET", path, {}).response.body ==
               R"({"id":")" + path.substr(all.size() + 1) + R"(","image_id":")" + image.id +
                   R"(","offset":0,"length":5,"done":false,"expires_at":"2023-11-14T23:13:20Z"})");
}

BOOST_AUTO_TEST_CASE(another_version_is_refused_before_anything_is_done) {
    const Image image = queued();
    const std::string path = begin(image);
    for (const http::Fields& headers : {http::Fields{}, http::Fields{{"tus-resumable", "0.2.2"}}})
        for (const auto& [method, where] : std::initializer_list<std::pair<std::string, std::string>>{
                 {"HEAD", path}, {"PATCH", path}, {"DELETE", path}, {"POST", all}}) {
            const auto answer = ask(method, where, headers);
            BOOST_TEST((answer.refusal == ErrorKind::precondition_failed), method);
            BOOST_TEST(header(answer.response, "Tus-Version") == "1.0.0");
            BOOST_TEST(header(answer.response, "Tus-Resumable") == "1.0.0");
        }
    BOOST_TEST(offset(path) == "0");
}

BOOST_AUTO_TEST_CASE(the_service_describes_itself_to_any_version) {
    for (const std::string& path : {all, begin(queued())}) {
        const auto answer = ask("OPTIONS", path, {{"tus-resumable", "9.9.9"}}).response;
        BOOST_TEST(answer.status == 204);
        BOOST_TEST(header(answer, "Tus-Version") == "1.0.0");
        BOOST_TEST(header(answer, "Tus-Max-Size") == "1048576");
        BOOST_TEST(header(answer, "Tus-Checksum-Algorithm") == "sha1,sha256");
        BOOST_TEST(header(answer, "Tus-Extension") ==
                   "creation,creation-with-upload,creation-defer-length,termination,checksum,expiration");
    }
}

BOOST_AUTO_TEST_CASE(a_header_says_the_method_where_the_way_takes_none_but_post) {
    const std::string path = begin(queued());
    const auto meaning = [](const char* method) {
        return std::pair<std::string, std::string>{"x-http-method-override", method};
    };
    BOOST_TEST(ask("POST", path, {speaks, is_stream, meaning("PATCH"), {"upload-offset", "0"}}, "he").response.status ==
               204);
    BOOST_TEST(header(ask("POST", path, {speaks, meaning("HEAD")}).response, "Upload-Offset") == "2");
    BOOST_TEST((ask("GET", path, {speaks, meaning("DELETE")}).refusal == ErrorKind::bad_request));
    BOOST_TEST((ask("POST", path, {speaks}).refusal == ErrorKind::method_not_allowed));
    BOOST_TEST((ask("POST", all, {speaks, meaning("DELETE")}).refusal == ErrorKind::method_not_allowed));
    BOOST_TEST(ask("PATCH", path, {speaks, meaning("DELETE")}).response.status == 204);
    BOOST_TEST((ask("HEAD", path, {speaks}).refusal == ErrorKind::not_found));
}

BOOST_AUTO_TEST_CASE(a_creation_says_its_length_or_that_it_follows_and_names_the_image) {
    const Image image = queued();
    for (const http::Fields& headers :
         {http::Fields{}, http::Fields{{"upload-length", "5"}, {"upload-defer-length", "1"}},
          http::Fields{{"upload-defer-length", "0"}}, http::Fields{{"upload-length", "-5"}}})
        BOOST_TEST((create(image, headers).refusal == ErrorKind::bad_request));
    BOOST_TEST((ask("POST", all, {speaks, {"upload-length", "5"}}).refusal == ErrorKind::bad_request));
    BOOST_TEST(
        (create(image, {{"upload-length", "5"}, {"x-image-meta-store", "attic"}}).refusal == ErrorKind::bad_request));
    BOOST_TEST((create(image, {{"upload-length", "1048577"}}).refusal == ErrorKind::too_large));
    BOOST_TEST((create(image, {{"upload-length", "5"}}, "hello").refusal == ErrorKind::unsupported_media));
    BOOST_TEST(status_of(image) == Status::queued);
    const auto deferred = create(image, {{"upload-defer-length", "1"}, {"x-image-meta-store", "spare"}}).response;
    BOOST_TEST(deferred.status == 201);
    BOOST_TEST(find(image.id).value().locations.at(0).store == "spare");
    const auto whole = create(queued(), {is_stream, {"upload-length", "5"}}, "hello").response;
    BOOST_TEST(header(whole, "Upload-Offset") == "5");
}

BOOST_AUTO_TEST_CASE(bytes_need_their_type_and_their_place) {
    const std::string path = begin(queued());
    BOOST_TEST((ask("PATCH", path, {speaks, {"upload-offset", "0"}}, "hello").refusal == ErrorKind::unsupported_media));
    BOOST_TEST((ask("PATCH", path, {speaks, is_stream}, "hello").refusal == ErrorKind::bad_request));
    BOOST_TEST(
        (ask("PATCH", path, {speaks, is_stream, {"upload-offset", "1"}}, "hello").refusal == ErrorKind::conflict));
    BOOST_TEST(
        (ask("PATCH", path,
             {speaks, is_stream, {"upload-offset", "0"}, {"upload-checksum", "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0="}},
             "hello")
             .refusal == ErrorKind::checksum_mismatch));
    BOOST_TEST(offset(path) == "0");
}

BOOST_AUTO_TEST_SUITE_END()
