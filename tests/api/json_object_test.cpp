#include "api/json_object.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/error_of.hpp"
#include "tests/http/fake_body.hpp"

using namespace reprieve;
using api::JsonObject;
using tests::error_of;
using tests::throws;

BOOST_AUTO_TEST_SUITE(json_object)

namespace {

JsonObject body_of(const std::string& text, const std::vector<std::string>& known = {}) {
    tests::FakeBody body(text, true);
    http::Request request;
    request.body = &body;
    return JsonObject::read_body(request, known);
}

std::string refusal(const std::function<void()>& work) { return error_of(ErrorKind::bad_request, work); }

}  // namespace

BOOST_AUTO_TEST_CASE(an_empty_body_is_an_object_without_fields) {
    const JsonObject body = body_of("", {"dry_run"});
    BOOST_TEST(!body.flag("dry_run").has_value());
    BOOST_TEST(!body.has("dry_run"));
}

BOOST_AUTO_TEST_CASE(fields_of_the_whole_body_are_read_by_name) {
    const JsonObject body = body_of(R"({"name": "attic", "repair": true, "gone": null})");
    BOOST_TEST(body.required_text("name") == "attic");
    BOOST_TEST(body.flag("repair").value());
    BOOST_TEST(!body.text("gone").has_value());
}

BOOST_AUTO_TEST_CASE(a_field_of_another_type_is_refused_by_its_name) {
    const JsonObject body = body_of(R"({"repair": "yes", "user": {"name": 7}})");
    BOOST_TEST(refusal([&] { body.flag("repair"); }) == "'repair' must be true or false");
    BOOST_TEST(refusal([&] { body.required_text("name"); }) == "'name' must be a text, and is missing");
    BOOST_TEST(refusal([&] { body.required_object("user").text("name"); }) == "'user.name' must be a text");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_an_object_is_refused_without_repeating_it) {
    for (const char* text : {"secret", "[\"secret\"]", "{\"password\": \"secret\"", "7", "null", "{\"secret\": 1}"}) {
        const std::string message = refusal([&] { body_of(text, {"name", "password"}); });
        BOOST_TEST(message == "the body must be a JSON object with no other fields than name, password", text);
    }
    BOOST_TEST(refusal([] { body_of("[]"); }) == "the body must be a JSON object");
}

BOOST_AUTO_TEST_CASE(a_body_is_bounded) {
    BOOST_TEST(throws(ErrorKind::too_large, [] { body_of('"' + std::string(64 << 10, 'x') + '"'); }));
}

BOOST_AUTO_TEST_SUITE_END()
