#include "image/location_changes.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(location_changes)

namespace {

const std::string md5(32, 'a');
const std::string sha(128, 'b');

Image image_in(Status status, std::size_t locations = 0) {
    Image image;
    image.status = status;
    image.disk_format = "raw";
    image.container_format = "bare";
    for (std::size_t i = 0; i < locations; ++i) {
        image.locations.push_back({.number = static_cast<std::int64_t>(i) + 1,
                                   .store = "s",
                                   .uri = "u" + std::to_string(i),
                                   .state = Location::State::stored,
                                   .size = 5});
        image.size = 5;
    }
    return image;
}

NewLocation at(const std::string& uri, std::uint64_t size = 5) {
    return {.url = uri, .metadata = "{}", .digests = {}, .store = "s", .uri = uri, .size = size};
}

NewLocation vouched(const std::string& uri) {
    NewLocation location = at(uri);
    location.digests = VouchedDigests{md5, "sha512", sha};
    return location;
}

std::string uris(const Image& image) {
    std::string text;
    for (const Location& location : image.locations) text += (text.empty() ? "" : " ") + location.uri;
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_first_location_makes_a_queued_image_active) {
    Image image = image_in(Status::queued);
    add_location(image, "-", vouched("x"));
    BOOST_TEST((image.status == Status::active));
    BOOST_TEST(image.size.value() == 5U);
    BOOST_TEST(image.checksum.value() == md5);
    BOOST_TEST(image.os_hash_algo.value() == "sha512");
    BOOST_TEST(image.os_hash_value.value() == sha);
    BOOST_TEST(image.locations.at(0).has_digest);
    BOOST_TEST((image.locations.at(0).state == Location::State::stored));

    Image bare = image_in(Status::queued);
    replace_locations(bare, {at("x"), at("y")});
    BOOST_TEST((bare.status == Status::active));
    BOOST_TEST(!bare.checksum.has_value());
    BOOST_TEST(!bare.locations.at(0).has_digest);

    Image formless = image_in(Status::queued);
    formless.disk_format.reset();
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { add_location(formless, "-", at("x")); }) ==
               "Properties disk_format, container_format must be set prior to saving data.");
}

BOOST_AUTO_TEST_CASE(a_position_counts_from_the_beginning) {
    Image image = image_in(Status::active, 2);
    add_location(image, "1", at("a"));
    add_location(image, "-", at("b"));
    add_location(image, "0", at("c"));
    add_location(image, "99", at("d"));
    BOOST_TEST(uris(image) == "c u0 a u1 b d");
    remove_location(image, "0");
    remove_location(image, "-");
    remove_location(image, "2");
    BOOST_TEST(uris(image) == "u0 a b");
    for (const std::string position : {"x", "-1", "1x", " 1", "18446744073709551616"}) {
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { add_location(image, position, at("e")); }) ==
                   "Invalid position for adding a location.");
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { remove_location(image, position); }) ==
                   "Invalid position for removing a location.");
    }
}

BOOST_AUTO_TEST_CASE(the_last_location_stays) {
    Image image = image_in(Status::active, 1);
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { remove_location(image, "0"); }) ==
               "Cannot remove last location in the image.");
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { replace_locations(image, {}); }) ==
               "Cannot set locations to empty list.");
}

BOOST_AUTO_TEST_CASE(a_replace_changes_order_and_metadata_alone) {
    Image image = image_in(Status::active, 3);
    NewLocation first = at("u2");
    first.metadata = R"({"a":1})";
    replace_locations(image, {first, at("u0"), at("u1")});
    BOOST_TEST(uris(image) == "u2 u0 u1");
    BOOST_TEST(image.locations.at(0).number == 3);
    BOOST_TEST(image.locations.at(0).metadata == R"({"a":1})");
    for (const auto& wanted :
         {std::vector{at("u0")}, std::vector{at("u0"), at("u1"), at("x")}, std::vector{at("u0"), at("u0"), at("u1")}})
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                       replace_locations(image, wanted);
                   }).starts_with("the image has other locations"));
    BOOST_TEST(uris(image) == "u2 u0 u1");
}

BOOST_AUTO_TEST_CASE(what_is_another_image_is_refused) {
    Image image = image_in(Status::active, 1);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { add_location(image, "-", at("x", 6)); }) ==
               "the location has 6 bytes, the image 5: it is another image");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { add_location(image, "-", at("u0")); }) ==
               "the image has this location already");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { add_location(image, "-", vouched("x")); }) ==
               "New value(s) for checksum may only be provided when image status is 'queued'");
    image.checksum = md5;
    image.os_hash_algo = "sha512";
    image.os_hash_value = std::string(128, 'c');
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { add_location(image, "-", vouched("x")); }) ==
               "os_hash_value is already set with a different value");
    image.os_hash_value = sha;
    add_location(image, "-", vouched("x"));
    BOOST_TEST(image.locations.back().has_digest);
    add_location(image, "-", at("y"));
    BOOST_TEST(!image.locations.back().has_digest);
}

BOOST_AUTO_TEST_CASE(only_some_statuses_let_locations_change) {
    for (const Status status : {Status::saving, Status::deactivated, Status::importing}) {
        Image image = image_in(status, 2);
        BOOST_TEST(throws(ErrorKind::conflict, [&] { add_location(image, "-", at("x")); }));
        BOOST_TEST(throws(ErrorKind::conflict, [&] { replace_locations(image, {at("u1"), at("u0")}); }));
        BOOST_TEST(throws(ErrorKind::conflict, [&] { remove_location(image, "0"); }));
    }
    Image queued = image_in(Status::queued);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { remove_location(queued, "0"); }) ==
               "It's not allowed to remove locations if image status is queued.");
}

BOOST_AUTO_TEST_SUITE_END()
