#include "api/uploads/tus_fields.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(tus_fields)

namespace {

http::Request with(std::string name, std::string value) {
    http::Request request;
    request.headers = {{std::move(name), std::move(value)}};
    return request;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_number_of_bytes_is_digits_alone) {
    const auto number = [](const char* text) { return api::bytes_field(with("upload-offset", text), "upload-offset"); };
    BOOST_TEST(!api::bytes_field(http::Request(), "upload-offset").has_value());
    BOOST_TEST(number("0").value() == 0U);
    BOOST_TEST(number("9223372036854775807").value() == 9223372036854775807U);
    for (const char* text : {"-1", "+1", "0x10", "1.0", "1 2", "ten", "9223372036854775808", "99999999999999999999"})
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { number(text); }) ==
                       "the header upload-offset must be a number of bytes, 0 or more",
                   text);
}

BOOST_AUTO_TEST_CASE(metadata_is_keys_with_values_in_base64) {
    BOOST_TEST(api::parse_upload_metadata("").empty());
    const auto found = api::parse_upload_metadata("filename d29ybGQucmF3, is_confidential,empty ,a YQ==");
    BOOST_TEST(found.size() == 4U);
    BOOST_TEST(found.at("filename") == "world.raw");
    BOOST_TEST(found.at("is_confidential") == "");
    BOOST_TEST(found.at("empty") == "");
    BOOST_TEST(found.at("a") == "a");
}

BOOST_AUTO_TEST_CASE(metadata_of_another_form_is_refused) {
    for (const char* text : {",", " ", "a YQ==,,b YQ==", "a Y", "a YQ== YQ==", "a YQ==,a YQ==", "\xc3\xa4 YQ==", "a !"})
        BOOST_TEST(throws(ErrorKind::bad_request, [&] { api::parse_upload_metadata(text); }), text);
    const std::string most = "abc " + std::string(api::max_upload_metadata_bytes - 4, 'Q');
    BOOST_TEST(api::parse_upload_metadata(most).size() == 1U);
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { api::parse_upload_metadata(most + "QQQQ"); }));
}

BOOST_AUTO_TEST_CASE(a_checksum_names_its_algorithm) {
    BOOST_TEST(!api::parse_upload_checksum("").has_value());
    const auto sha1 = api::parse_upload_checksum("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=").value();
    BOOST_TEST(sha1.algorithm == "sha1");
    BOOST_TEST(sha1.digest == "a9993e364706816aba3e25717850c26c9cd0d89d");
    const auto sha256 = api::parse_upload_checksum("sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=").value();
    BOOST_TEST(sha256.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (const char* text : {"md5 kAFQmDzST7DWlj99KOF/cg==", "SHA1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha1", "sha1 ",
                             "sha1 kAFQmDzST7DWlj99KOF/cg==", "sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
                             "sha1 a9993e364706816aba3e25717850c26c9cd0d89d", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="})
        BOOST_TEST(throws(ErrorKind::bad_request, [&] { api::parse_upload_checksum(text); }), text);
}

BOOST_AUTO_TEST_CASE(the_type_of_the_bytes_is_known_in_any_case) {
    for (const char* type : {"application/offset+octet-stream", "Application/Offset+Octet-Stream",
                             "application/offset+octet-stream; charset=x"})
        BOOST_TEST(api::is_offset_stream(with("content-type", type)), type);
    for (const char* type : {"", "application/octet-stream", "application/offset+octet-streams", "text/plain"})
        BOOST_TEST(!api::is_offset_stream(with("content-type", type)), type);
}

BOOST_AUTO_TEST_SUITE_END()
