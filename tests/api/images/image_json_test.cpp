#include "api/images/image_json.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(image_json)

namespace {

Image rich() {
    Image image;
    image.id = "0f1e2d3c-4b5a-4678-8899-aabbccddeeff";
    image.name = "Ubuntu \"24.04\"\n\u00e9";
    image.status = Status::deactivated;
    image.visibility = Visibility::community;
    image.owner = "lab";
    image.is_protected = true;
    image.min_disk = 3;
    image.min_ram = 512;
    image.disk_format = "qcow2";
    image.container_format = "bare";
    image.size = 18'446'744'073ULL;
    image.virtual_size = 1ULL << 40;
    image.checksum = "d41d8cd98f00b204e9800998ecf8427e";
    image.os_hash_algo = "sha512";
    image.os_hash_value = "cf83";
    image.created_at = 1'763'881'200'999'999;
    image.updated_at = 1'763'881'260'000'000;
    image.status_reason = "a reason";
    image.properties = {{"hw_disk_bus", "virtio"}, {"os_distro", "ubuntu"}};
    image.tags = {"a", "b"};
    Location first{.number = 1, .store = "local", .uri = "file:secret", .state = Location::State::stored, .size = 7};
    Location second = first;
    second.store = "spare";
    Location third = first;
    third.store = "slow";
    third.state = Location::State::writing;
    image.locations = {first, second, third};
    return image;
}

Image binned() {
    Image image = rich();
    image.status = Status::scrubbing;
    image.deletion = Deletion{.deleted_at = 1'763'881'300'000'000,
                              .deleted_by = "alice",
                              .deleted_from = Status::deactivated,
                              .scrub_after = 1'764'486'100'000'000};
    return image;
}

Image blocked() {
    Image image = binned();
    image.locations[1].attempts = 3;
    image.locations[1].last_error = "vm-7 uses it";
    image.locations[1].blocked_by = {"the clone volumes/vm-7"};
    image.locations[1].next_attempt_at = 1'763'881'340'000'000;
    return image;
}

template <typename Write>
std::string written(Write write, const Image& image) {
    api::JsonWriter json;
    write(json, image);
    return nlohmann::ordered_json::parse(json.take()).dump(2) + "\n";
}

void write_plain(api::JsonWriter& json, const Image& image) { api::write_image(json, image); }

/// Compares the text with tests/api/expected/NAME.json. If the environment has REPRIEVE_ACCEPT, it first writes the
/// text to that file.
void check_expected(const std::string& name, const std::string& text) {
    const std::string path = REPRIEVE_SOURCE_FOLDER "/tests/api/expected/" + name + ".json";
    if (std::getenv("REPRIEVE_ACCEPT") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    const std::string expected{std::istreambuf_iterator<char>(file), {}};
    BOOST_TEST(text == expected);
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_image_is_shown_as_the_image_api_shows_it) {
    check_expected("image", written(write_plain, rich()));
}

BOOST_AUTO_TEST_CASE(a_new_image_shows_null_for_what_it_has_not) {
    Image image;
    image.id = "0f1e2d3c-4b5a-4678-8899-aabbccddeeff";
    check_expected("new_image", written(write_plain, image));
}

BOOST_AUTO_TEST_CASE(where_the_bytes_are_is_shown_to_whom_it_may_be) {
    Image image = rich();
    image.locations[1].metadata = R"({"speed":"slow"})";
    const auto shown = [&](bool direct_url, bool all) {
        api::JsonWriter json;
        api::write_image(json, image, {direct_url, all, [](const Location& l) { return "url of " + l.store; }});
        return nlohmann::json::parse(json.take());
    };
    BOOST_TEST(!shown(false, false).contains("direct_url"));
    BOOST_TEST(!shown(true, false).contains("locations"));
    BOOST_TEST(shown(true, false).at("direct_url") == "url of local");
    const auto locations = shown(false, true).at("locations");
    BOOST_TEST(locations.size() == 2U);  // not the location that is still being written
    BOOST_TEST(locations.at(0).dump() == R"({"metadata":{"store":"local"},"url":"url of local"})");
    BOOST_TEST(locations.at(1).dump() == R"({"metadata":{"speed":"slow","store":"spare"},"url":"url of spare"})");
}

BOOST_AUTO_TEST_CASE(an_entry_of_the_bin_tells_when_it_goes_and_what_blocks_it) {
    check_expected("bin_entry", written(api::write_bin_entry, binned()));
    check_expected("blocked_bin_entry", written(api::write_bin_entry, blocked()));
}

BOOST_AUTO_TEST_CASE(the_details_tell_the_reason_and_the_bytes_and_no_address_of_them) {
    const std::string text = written(
        [](api::JsonWriter& json, const Image& image) {
            api::write_image_details(
                json, image, [](const Location& location) { return std::optional(location.size / 2); },
                service::ResumableUploads::Upload{.offset = 3, .expires_at = 1'763'881'260'000'000},
                {done_by({.address = "192.0.2.7", .request = "req-1"}, 1'763'881'200'000'000, "image.create", image.id,
                         image.owner)});
        },
        rich());
    check_expected("image_details", text);
    BOOST_TEST(text.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
