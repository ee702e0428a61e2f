#include "api/images/image_body.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using api::PatchForm;
using Operation = AttributeChange::Operation;

BOOST_AUTO_TEST_SUITE(image_body)

namespace {

std::string refusal(const std::string& body) {
    return error_of(ErrorKind::bad_request, [&] { api::parse_new_image(body); });
}
std::string patch_refusal(const std::string& body, PatchForm form = PatchForm::v2_1) {
    return error_of(ErrorKind::bad_request, [&] { api::parse_patch(body, form); });
}
AttributeChange only(const std::string& body, PatchForm form = PatchForm::v2_1) {
    return api::parse_patch(body, form).at(0);
}
std::string path_refusal(const std::string& path) {
    return patch_refusal(R"([{"op": "remove", "path": ")" + path + "\"}]");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_new_image_is_read_from_an_object) {
    const Image image = api::parse_new_image(
        R"({"name": "n\u00e9", "min_ram": 5, "protected": true, "tags": ["b", "a"], "os": "linux",)"
        R"("disk_format": null})");
    BOOST_TEST(image.name.value() == "n\xc3\xa9");
    BOOST_TEST(image.min_ram == 5);
    BOOST_TEST(image.is_protected);
    BOOST_TEST(image.tags.size() == 2U);
    BOOST_TEST(image.properties.at("os") == "linux");
    BOOST_TEST(!image.disk_format.has_value());
    BOOST_TEST(api::parse_new_image("{}").id == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_refused) {
    for (const char* body : {"", "{", "{\"name\": }", "{} x", "{\"name\": \"\xff\"}"})
        BOOST_TEST(refusal(body).starts_with("the body is not valid JSON"), body);
    for (const char* body : {"null", "[]", "5", "\"text\""})
        BOOST_TEST(refusal(body) == "the body must be a JSON object");
    BOOST_TEST(refusal(std::string(500'000, '[')).starts_with("the body is not valid JSON"));
    std::string many = "[{}";
    for (int i = 0; i < 30'000; ++i) many += ",{}";
    BOOST_TEST(refusal(many + "]").find("more than 20000 values") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_value_that_no_attribute_takes_is_refused) {
    for (const char* body : {R"({"min_ram": 1.5})", R"({"min_ram": 18446744073709551615})", R"({"min_ram": {}})",
                             R"({"tags": [1]})", R"({"tags": [["a"]]})", R"({"p": {"a": 1}})", R"({"p": null})"})
        BOOST_TEST(refusal(body).find("' must be") != std::string::npos, body);
}

BOOST_AUTO_TEST_CASE(a_patch_is_read_in_both_forms) {
    auto change = only(R"([{"op": "add", "path": "/name", "value": "n"}])");
    BOOST_TEST((change.operation == Operation::add));
    BOOST_TEST(change.attribute == "name");
    BOOST_TEST(std::get<std::string>(change.value) == "n");
    BOOST_TEST((only(R"([{"op": "remove", "path": "/p"}])").operation == Operation::remove));
    change = only(R"([{"replace": "/min_ram", "value": 3}])", PatchForm::v2_0);
    BOOST_TEST((change.operation == Operation::replace));
    BOOST_TEST(change.attribute == "min_ram");
    BOOST_TEST(std::get<std::int64_t>(change.value) == 3);
    BOOST_TEST(api::parse_patch("[]", PatchForm::v2_1).empty());
    BOOST_TEST(api::parse_patch(R"([{"op": "remove", "path": "/a"}, {"op": "remove", "path": "/b"}])", PatchForm::v2_1)
                   .at(1)
                   .attribute == "b");
}

BOOST_AUTO_TEST_CASE(a_patch_that_is_none_is_refused) {
    BOOST_TEST(patch_refusal("{}") == "Request body must be a JSON array of operation objects.");
    BOOST_TEST(patch_refusal("[1]") == "Operations must be JSON objects.");
    BOOST_TEST(patch_refusal(R"([{"path": "/a"}])") == "every operation of the patch needs a text 'op'");
    BOOST_TEST(patch_refusal(R"([{"op": "add"}])") == "every operation of the patch needs a text 'path'");
    BOOST_TEST(patch_refusal(R"([{"op": 5, "path": "/a"}])") == "every operation of the patch needs a text 'op'");
    BOOST_TEST(patch_refusal(R"([{"op": "move", "path": "/a"}])") ==
               "Operations must be one of add, replace, remove; not 'move'");
    BOOST_TEST(patch_refusal(R"([{"op": "add", "path": "/a"}])").find("\"value\"") != std::string::npos);
    const std::string one_member = "Operation objects must contain only one member";
    BOOST_TEST(
        patch_refusal(R"([{"add": "/a", "remove": "/a", "value": ""}])", PatchForm::v2_0).starts_with(one_member));
    BOOST_TEST(patch_refusal(R"([{"op": "add", "path": "/a", "value": ""}])", PatchForm::v2_0).starts_with(one_member));
    BOOST_TEST(patch_refusal(R"([{"add": 1}])", PatchForm::v2_0) == "every operation of the patch needs a text 'add'");
}

BOOST_AUTO_TEST_CASE(a_path_names_one_attribute) {
    BOOST_TEST(only(R"([{"op": "remove", "path": "/a~1b~0c"}])").attribute == "a/b~c");
    BOOST_TEST(only(R"([{"op": "remove", "path": "/a b"}])").attribute == "a b");
    BOOST_TEST(only(R"([{"op": "remove", "path": "/locations/0"}])").attribute == "locations");
    BOOST_TEST(only(R"([{"op": "remove", "path": "/locations/0"}])").position == "0");
    for (const std::string path : {"/locations", "/locations/0/url", "/location/0"})
        BOOST_TEST(path_refusal(path) == "Invalid JSON pointer for this resource: '" + path + "'");
    BOOST_TEST(path_refusal("").ends_with("does not start with \"/\"."));
    BOOST_TEST(path_refusal("name").ends_with("does not start with \"/\"."));
    BOOST_TEST(path_refusal("//name").ends_with("contains adjacent \"/\"."));
    BOOST_TEST(path_refusal("/name/").ends_with("ends with \"/\"."));
    BOOST_TEST(path_refusal("/tags/0") == "Invalid JSON pointer for this resource: '/tags/0'");
    BOOST_TEST(path_refusal("/a~2").find("escape sequence") != std::string::npos);
    BOOST_TEST(path_refusal("/a~").find("escape sequence") != std::string::npos);
    BOOST_TEST(path_refusal("/").ends_with("names no attribute."));
}

BOOST_AUTO_TEST_SUITE_END()
