#include "image/attributes.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using Change = AttributeChange;

BOOST_AUTO_TEST_SUITE(attributes)

namespace {

const std::string id = "0f1e2d3c-4b5a-4678-8899-aabbccddeeff";
constexpr auto adding = Change::Operation::add;
constexpr auto replacing = Change::Operation::replace;
constexpr auto removing = Change::Operation::remove;

Image made(const std::string& attribute, const AttributeValue& value) {
    Image image;
    set_new_attribute(image, attribute, value);
    return image;
}
std::string refusal(ErrorKind kind, const std::string& attribute, const AttributeValue& value) {
    return error_of(kind, [&] { made(attribute, value); });
}
std::string change_refusal(ErrorKind kind, const Change& change, Status status = Status::queued) {
    Image image;
    image.status = status;
    image.disk_format = "qcow2";
    image.container_format = "ovf";
    return error_of(kind, [&] { apply_changes(image, {change}); });
}
std::int64_t whole(std::int64_t number) { return number; }

}  // namespace

BOOST_AUTO_TEST_CASE(every_base_attribute_can_be_set) {
    BOOST_TEST(made("id", id).id == id);
    BOOST_TEST(made("name", "n").name.value() == "n");
    BOOST_TEST(!made("name", nullptr).name.has_value());
    BOOST_TEST((made("visibility", "public").visibility == Visibility::public_));
    BOOST_TEST(made("owner", "lab").owner == "lab");
    BOOST_TEST(made("protected", true).is_protected);
    BOOST_TEST(made("os_hidden", true).is_hidden);
    BOOST_TEST(made("min_disk", whole(2147483647)).min_disk == 2147483647);
    BOOST_TEST(made("min_ram", whole(0)).min_ram == 0);
    BOOST_TEST(made("disk_format", "qcow2").disk_format.value() == "qcow2");
    BOOST_TEST(!made("disk_format", nullptr).disk_format.has_value());
    BOOST_TEST(made("container_format", "bare").container_format.value() == "bare");
    BOOST_TEST(made("tags", std::vector<std::string>{"b", "a", "b"}).tags == (std::vector<std::string>{"a", "b"}),
               boost::test_tools::per_element());
    BOOST_TEST(made("os_distro", "debian").properties.at("os_distro") == "debian");
}

BOOST_AUTO_TEST_CASE(every_known_format_is_taken_and_no_other) {
    for (const auto format : disk_formats())
        BOOST_TEST(made("disk_format", std::string(format)).disk_format.value() == format);
    for (const auto format : container_formats())
        BOOST_TEST(made("container_format", std::string(format)).container_format.value() == format);
    BOOST_TEST(
        refusal(ErrorKind::bad_request, "disk_format", "img").starts_with("'disk_format' must be null or one of ami"));
    BOOST_TEST(
        refusal(ErrorKind::bad_request, "container_format", "zip").starts_with("'container_format' must be null"));
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused_by_name) {
    const std::vector<AttributeValue> all{nullptr, true, whole(1), "text", std::vector<std::string>{"a"}, OtherValue{}};
    const std::vector<std::pair<std::string, std::vector<std::size_t>>> takes{{"name", {0, 3}},
                                                                              {"owner", {0, 3}},
                                                                              {"visibility", {}},
                                                                              {"protected", {1}},
                                                                              {"os_hidden", {1}},
                                                                              {"min_disk", {2}},
                                                                              {"min_ram", {2}},
                                                                              {"disk_format", {0}},
                                                                              {"tags", {4}},
                                                                              {"id", {}},
                                                                              {"kernel_id", {0, 3}},
                                                                              {"ramdisk_id", {0, 3}},
                                                                              {"container_format", {0}},
                                                                              {"a_property", {3}}};
    for (const auto& [attribute, taken] : takes)
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool fits = std::find(taken.begin(), taken.end(), i) != taken.end();
            const std::string message = refusal(ErrorKind::bad_request, attribute, all[i]);
            BOOST_TEST((fits ? message == "nothing was thrown" : message.starts_with("'" + attribute + "' must be")),
                       attribute << " " << i << ": " << message);
        }
}

BOOST_AUTO_TEST_CASE(numbers_and_texts_have_their_bounds) {
    BOOST_TEST(refusal(ErrorKind::bad_request, "min_ram", whole(-1)) ==
               "'min_ram' must be a whole number from 0 to 2147483647");
    BOOST_TEST(refusal(ErrorKind::bad_request, "min_disk", whole(2147483648)).starts_with("'min_disk' must be"));
    std::string text;
    for (int i = 0; i < 255; ++i) text += "\xc3\xa9";
    BOOST_TEST(made("name", text).name.value() == text);
    BOOST_TEST(refusal(ErrorKind::bad_request, "name", text + "x") == "'name' must be at most 255 characters long");
    BOOST_TEST(refusal(ErrorKind::bad_request, "name", "\xff").find("UTF-8") != std::string::npos);
    BOOST_TEST(refusal(ErrorKind::bad_request, "name", std::string("a\0b", 3)).find("NUL") != std::string::npos);
    BOOST_TEST(made("p", std::string(65535, 'x')).properties.at("p").size() == 65535U);
    BOOST_TEST(refusal(ErrorKind::bad_request, "p", std::string(65536, 'x')) == "'p' must be at most 65535 bytes long");
    BOOST_TEST(made(std::string(255, 'p'), "").properties.size() == 1U);
    BOOST_TEST(refusal(ErrorKind::bad_request, std::string(256, 'p'), "").find("255 characters") != std::string::npos);
    BOOST_TEST(refusal(ErrorKind::bad_request, "", "x") == "a property needs a name");
    BOOST_TEST(refusal(ErrorKind::bad_request, "tags", std::vector<std::string>{""}).starts_with("'a tag' must be"));
    BOOST_TEST(refusal(ErrorKind::bad_request, "tags", std::vector<std::string>{std::string(256, 't')})
                   .find("255 characters") != std::string::npos);
    for (const std::string& bad :
         {std::string("x"), std::string(), "0F1E2D3C-4B5A-4678-8899-AABBCCDDEEFF" + std::string()})
        BOOST_TEST(refusal(ErrorKind::bad_request, "id", bad).starts_with("'id' must be a UUID"));
}

BOOST_AUTO_TEST_CASE(what_is_read_only_or_reserved_is_forbidden) {
    for (const std::string attribute : {"status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value",
                                        "created_at", "updated_at", "self", "file", "schema", "direct_url", "stores"}) {
        const std::string message = "Attribute '" + attribute + "' is read-only.";
        BOOST_TEST(refusal(ErrorKind::forbidden, attribute, "x") == message);
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {replacing, attribute, "x"}) == message);
        if (attribute != "stores")
            BOOST_TEST(change_refusal(ErrorKind::forbidden, {removing, attribute, {}}) == message);
    }
    for (const std::string attribute : {"location", "deleted", "deleted_at", "os_glance_import_task"}) {
        const std::string message = "Attribute '" + attribute + "' is reserved.";
        BOOST_TEST(refusal(ErrorKind::forbidden, attribute, "x") == message);
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {adding, attribute, "x"}) == message);
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {removing, attribute, {}}) == message);
    }
    BOOST_TEST(change_refusal(ErrorKind::forbidden, {replacing, "id", id}) == "Attribute 'id' is read-only.");
    BOOST_TEST(change_refusal(ErrorKind::forbidden, {removing, "id", {}}) == "Attribute 'id' is read-only.");
    BOOST_TEST(refusal(ErrorKind::forbidden, "locations", OtherValue{}).starts_with("locations cannot be set"));
}

BOOST_AUTO_TEST_CASE(properties_are_added_replaced_and_removed) {
    Image image;
    apply_changes(image,
                  {{adding, "os", "linux"}, {adding, "os", "bsd"}, {replacing, "os", "linux"}, {adding, "x", ""}});
    BOOST_TEST(image.properties.at("os") == "linux");
    apply_changes(image, {{removing, "os", {}}});
    BOOST_TEST(image.properties.size() == 1U);
    BOOST_TEST(change_refusal(ErrorKind::conflict, {replacing, "os", "x"}) == "Property os does not exist.");
    BOOST_TEST(change_refusal(ErrorKind::conflict, {removing, "os", {}}) == "Property os does not exist.");
    apply_changes(image, {{adding, "kernel_id", id}, {adding, "kernel_id", nullptr}});
    BOOST_TEST(!image.properties.contains("kernel_id"));
}

BOOST_AUTO_TEST_CASE(base_attributes_are_replaced_and_never_removed) {
    Image image;
    apply_changes(
        image,
        {{replacing, "name", "n"}, {adding, "min_ram", whole(1)}, {replacing, "tags", std::vector<std::string>{}}});
    BOOST_TEST(image.name.value() == "n");
    for (const std::string attribute : {"name", "visibility", "owner", "protected", "os_hidden", "min_disk", "min_ram",
                                        "disk_format", "container_format", "tags"})
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {removing, attribute, {}}) ==
                   "Property " + attribute + " may not be removed: replace its value instead");
}

BOOST_AUTO_TEST_CASE(formats_change_only_while_the_image_has_no_data) {
    BOOST_TEST(change_refusal(ErrorKind::forbidden, {replacing, "disk_format", "raw"}) == "nothing was thrown");
    for (const auto status : {Status::saving, Status::active, Status::deactivated}) {
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {replacing, "disk_format", "raw"}, status) ==
                   "Attribute disk_format can be only replaced for a queued image.");
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {adding, "container_format", "bare"}, status) ==
                   "Attribute container_format can be only replaced for a queued image.");
        BOOST_TEST(change_refusal(ErrorKind::forbidden, {replacing, "name", "n"}, status) == "nothing was thrown");
    }
}

BOOST_AUTO_TEST_CASE(a_format_that_was_never_set_can_be_told_at_any_time) {
    Image found;
    found.status = Status::active;
    apply_changes(found, {{replacing, "disk_format", "qcow2"}, {adding, "container_format", "bare"}});
    BOOST_TEST(found.disk_format.value() == "qcow2");
    BOOST_TEST(found.container_format.value() == "bare");
}

BOOST_AUTO_TEST_CASE(a_removal_of_stores_is_passed_over_for_the_sdk) {
    Image image;
    apply_changes(image, {{removing, "stores", {}}, {adding, "name", "n"}});
    BOOST_TEST(image.name.value() == "n");
}

BOOST_AUTO_TEST_CASE(tags_stay_sorted_and_single) {
    Image image;
    for (const char* tag : {"c", "a", "b", "a"}) add_tag(image, tag);
    BOOST_TEST(image.tags == (std::vector<std::string>{"a", "b", "c"}), boost::test_tools::per_element());
    BOOST_TEST(remove_tag(image, "b"));
    BOOST_TEST(!remove_tag(image, "b"));
    BOOST_TEST(!remove_tag(image, "z"));
}

BOOST_AUTO_TEST_CASE(quotas_are_counted_to_the_last) {
    Image image;
    image.tags = {"a", "b"};
    image.properties = {{"x", "1"}};
    check_quotas(image, {.properties = 1, .tags = 2});
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { check_quotas(image, {.properties = 0, .tags = 2}); }) ==
               "the image would have 1 properties; at most 0 are allowed");
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { check_quotas(image, {.properties = 1, .tags = 1}); }) ==
               "the image would have 2 tags; at most 1 are allowed");
}

BOOST_AUTO_TEST_SUITE_END()
