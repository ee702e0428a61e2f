#include "api/images/location_body.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(location_body)

namespace {

NewLocation parsed(const std::string& text) { return api::parse_locations(nlohmann::json::parse(text), false).at(0); }
std::string refusal(const std::string& text, bool is_list = false) {
    return error_of(ErrorKind::bad_request, [&] { api::parse_locations(nlohmann::json::parse(text), is_list); });
}
std::string with_digests(const std::string& digests) {
    return R"({"url": "http://secret/", "metadata": {}, "validation_data": )" + digests + "}";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_location_has_a_url_metadata_and_digests) {
    const NewLocation location = parsed(R"({"url": "http://a/b", "metadata": {"store": "web", "x": [1, "y"]}})");
    BOOST_TEST(location.url == "http://a/b");
    BOOST_TEST(location.store == "web");
    BOOST_TEST(location.metadata == R"({"x":[1,"y"]})");
    BOOST_TEST(!location.digests.has_value());
    BOOST_TEST(location.uri == "");
    const std::string md5(32, '0');
    const std::string sha(64, 'f');
    const NewLocation vouched = parsed(
        with_digests(R"({"checksum": ")" + md5 + R"(", "os_hash_algo": "sha256", "os_hash_value": ")" + sha + "\"}"));
    BOOST_TEST(vouched.digests.value().checksum == md5);
    BOOST_TEST(vouched.digests.value().hash_algorithm == "sha256");
    BOOST_TEST(vouched.digests.value().hash == sha);
    BOOST_TEST(api::parse_locations(nlohmann::json::parse(R"([{"url": "a"}, {"url": "b"}])"), true).size() == 2U);
    BOOST_TEST(api::parse_locations(nlohmann::json::array(), true).empty());
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_without_the_url) {
    for (const std::string text :
         {"5", "[]", R"({"metadata": {}})", R"({"url": 5})", R"({"url": ""})", R"({"url": "secret", "more": 1})",
          R"({"url": "secret", "metadata": []})", R"({"url": "secret", "metadata": {"store": 1}})",
          R"({"url": "secret", "validation_data": []})"})
        BOOST_TEST(refusal(text).find("location") != std::string::npos, text);
    for (const std::string digests : {R"({})", R"({"os_hash_algo": "md5", "os_hash_value": "00"})",
                                      R"({"os_hash_algo": "sha256", "os_hash_value": "00"})",
                                      R"({"checksum": "x", "os_hash_algo": "sha256", "os_hash_value": "00"})"}) {
        const std::string message = refusal(with_digests(digests));
        BOOST_TEST(message.find("validation_data") != std::string::npos, message);
        BOOST_TEST(message.find("secret") == std::string::npos);
    }
    BOOST_TEST(refusal("{\"url\": \"" + std::string(8193, 'x') + "\"}").find("8192") != std::string::npos);
    BOOST_TEST(refusal(R"({"url": "x", "metadata": {"a": ")" + std::string(4096, 'x') + "\"}}").find("4096") !=
               std::string::npos);
    BOOST_TEST(refusal(R"({"url": "a"})", true) == "locations must be a list");
}

BOOST_AUTO_TEST_SUITE_END()
