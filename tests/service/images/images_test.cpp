#include "service/images/images.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

constexpr auto adding = AttributeChange::Operation::add;

struct Life : ServiceFixture {
    std::string refusal(ErrorKind kind, const std::string& id) {
        return error_of(kind, [&] { images.get(alice, id); });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(images_as_records, Life)

BOOST_AUTO_TEST_CASE(a_new_image_is_queued_and_belongs_to_the_project_of_its_maker) {
    Image given;
    given.name = "debian";
    given.tags = {"lts"};
    given.properties["os"] = "linux";
    given.status = Status::active;
    const Image made = images.create(bob, given);
    const Image image = images.get(alice, made.id);
    BOOST_TEST(is_canonical_uuid(image.id));
    BOOST_TEST(image.status == Status::queued);
    BOOST_TEST(image.owner == "lab");
    BOOST_TEST(image.created_by == "bob");
    BOOST_TEST(image.name.value() == "debian");
    BOOST_TEST(image.tags.at(0) == "lts");
    BOOST_TEST(image.properties.at("os") == "linux");
    BOOST_TEST(image.created_at == clock.now_us());
    BOOST_TEST(image.updated_at == clock.now_us());
    given.owner = "other";
    BOOST_TEST(images.create(alice, given).owner == "other");
}

BOOST_AUTO_TEST_CASE(an_id_is_never_given_twice) {
    const Image image = queued();
    Image again;
    again.id = image.id;
    const auto refused = [&] { return error_of(ErrorKind::conflict, [&] { images.create(alice, again); }); };
    BOOST_TEST(refused().find("is never given again") != std::string::npos);
    images.remove(alice, image.id);
    BOOST_TEST(refused().find("is never given again") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_unknown_malformed_in_the_bin_or_deleted_is_not_found) {
    const Image gone = queued(), in_bin = binned();
    images.remove(alice, gone.id);
    for (const std::string& id : {gone.id, in_bin.id, new_uuid(), std::string("../etc"), std::string()}) {
        const std::string message = "No image found with ID " + id;
        BOOST_TEST(refusal(ErrorKind::not_found, id) == message);
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { images.update(alice, id, {}); }) == message);
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { images.remove(alice, id); }) == message);
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { images.add_tag(alice, id, "t"); }) == message);
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { images.remove_tag(alice, id, "t"); }) == message);
        BOOST_TEST(error_of(ErrorKind::not_found, [&] { images.deactivate(alice, id); }) == message);
    }
}

BOOST_AUTO_TEST_CASE(an_update_is_all_or_nothing_and_stamps_the_image) {
    const Image image = queued();
    clock.advance_us(5);
    images.update(alice, image.id,
                  {{adding, "name", "new"}, {adding, "os", "linux"}, {adding, "min_ram", std::int64_t{512}}});
    Image after = images.get(alice, image.id);
    BOOST_TEST(after.name.value() == "new");
    BOOST_TEST(after.properties.at("os") == "linux");
    BOOST_TEST(after.min_ram == 512);
    BOOST_TEST(after.updated_at == clock.now_us());
    BOOST_TEST(after.created_at == image.created_at);

    clock.advance_us(5);
    error_of(ErrorKind::bad_request, [&] {
        images.update(alice, image.id, {{adding, "name", "newer"}, {adding, "min_ram", std::int64_t{-1}}});
    });
    after = images.get(alice, image.id);
    BOOST_TEST(after.name.value() == "new");
    BOOST_TEST(after.updated_at == clock.now_us() - 5);
    images.update(alice, image.id, {});
    BOOST_TEST(images.get(alice, image.id).updated_at == clock.now_us() - 5);
}

BOOST_AUTO_TEST_CASE(tags_are_added_once_and_removed_once) {
    const Image image = queued();
    images.add_tag(alice, image.id, "b");
    images.add_tag(alice, image.id, "a");
    const auto stamped = clock.now_us();
    clock.advance_us(5);
    images.add_tag(alice, image.id, "a");
    BOOST_TEST(images.get(alice, image.id).tags == (std::vector<std::string>{"a", "b"}),
               boost::test_tools::per_element());
    BOOST_TEST(images.get(alice, image.id).updated_at == stamped);
    images.remove_tag(alice, image.id, "a");
    BOOST_TEST(images.get(alice, image.id).updated_at == stamped + 5);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { images.remove_tag(alice, image.id, "a"); }) ==
               "the image " + image.id + " has no tag 'a'");
    BOOST_TEST(
        error_of(ErrorKind::bad_request, [&] { images.add_tag(alice, image.id, ""); }).starts_with("'a tag' must be"));
}

BOOST_AUTO_TEST_CASE(quotas_bound_what_is_added_and_not_what_is_there) {
    service::Images small(catalog, clock, guard, running, scrubber, quotas, locations,
                          {.quotas = {.properties = 1, .tags = 1}, .delayed_delete = true, .scrub_time_us = 1});
    Image given;
    given.tags = {"a", "b"};
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { small.create(alice, given); }) ==
               "the image would have 2 tags; at most 1 are allowed");
    const Image one = small.create(alice, {});
    small.add_tag(alice, one.id, "a");
    error_of(ErrorKind::too_large, [&] { small.add_tag(alice, one.id, "b"); });
    BOOST_TEST(small.get(alice, one.id).tags.size() == 1U);
    BOOST_TEST(error_of(ErrorKind::too_large, [&] {
                   small.update(alice, one.id, {{adding, "x", "1"}, {adding, "y", "1"}});
               }) == "the image would have 2 properties; at most 1 are allowed");

    // This image was created under a larger quota.
    given.tags = {"a", "b", "c"};
    const Image old = images.create(alice, given);
    small.update(alice, old.id, {{adding, "name", "renamed"}});
    small.remove_tag(alice, old.id, "c");
    BOOST_TEST(small.get(alice, old.id).tags.size() == 2U);
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { small.add_tag(alice, old.id, "d"); }).starts_with("the image"));
}

BOOST_AUTO_TEST_CASE(an_active_image_is_deactivated_and_reactivated_as_often_as_asked) {
    const Image image = active();
    images.deactivate(alice, image.id);
    images.deactivate(alice, image.id);
    BOOST_TEST(status_of(image) == Status::deactivated);
    images.reactivate(alice, image.id);
    images.reactivate(alice, image.id);
    BOOST_TEST(status_of(image) == Status::active);
    const Image empty = queued();
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] {
                   images.deactivate(alice, empty.id);
               }).starts_with("the image " + empty.id + " is queued"));
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] {
                   images.reactivate(alice, empty.id);
               }).starts_with("the image " + empty.id + " is queued"));
}

BOOST_AUTO_TEST_CASE(a_protected_image_is_not_deleted) {
    const Image image = active();
    images.update(alice, image.id, {{adding, "protected", true}});
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.remove(alice, image.id); }) ==
               "Image " + image.id + " is protected and cannot be deleted.");
    BOOST_TEST(status_of(image) == Status::active);
    images.update(alice, image.id, {{adding, "protected", false}});
    images.remove(alice, image.id);
    BOOST_TEST(status_of(image) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(a_delete_writes_down_who_when_and_until_when) {
    const Image image = active();
    images.deactivate(alice, image.id);
    const Image before = images.get(alice, image.id);
    clock.advance_us(10);
    images.remove({.user = "bob", .user_name = "Bob", .project = "default", .is_admin = false}, image.id);
    const Image after = find(image.id).value();
    const Deletion deletion = after.deletion.value();
    BOOST_TEST(after.status == Status::pending_delete);
    BOOST_TEST(after.updated_at == before.updated_at);
    BOOST_TEST(deletion.deleted_at == clock.now_us());
    BOOST_TEST(deletion.deleted_by == "Bob");
    BOOST_TEST(deletion.deleted_from == Status::deactivated);
    BOOST_TEST(deletion.scrub_after == clock.now_us() + retention_us);
    BOOST_TEST(deletion.in_bin);
    BOOST_TEST(local->image_count() == 1U);
}

BOOST_AUTO_TEST_CASE(an_image_without_data_is_deleted_at_once_and_never_in_the_bin) {
    const Image image = queued();
    images.remove(alice, image.id);
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(trash.list(alice, {}).empty());
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { trash.restore(alice, image.id); }).starts_with("No image"));
}

BOOST_AUTO_TEST_CASE(a_delete_of_an_image_that_is_uploaded_stops_the_upload) {
    const Image image = queued();
    write("UPDATE images SET status = 1");
    const service::RunningUploads::Ticket ticket(running, image.id), other(running, new_uuid());
    images.remove(alice, image.id);
    BOOST_TEST(status_of(image) == Status::deleted);
    BOOST_TEST(ticket.is_cancelled());
    BOOST_TEST(!other.is_cancelled());
}

BOOST_AUTO_TEST_CASE(without_a_bin_a_deleted_image_is_due_at_once_and_shown_nowhere) {
    service::Images without_bin(catalog, clock, guard, running, scrubber, quotas, locations, image_options(false));
    const Image image = active();
    without_bin.remove(alice, image.id);
    BOOST_TEST(status_of(image) == Status::pending_delete);
    BOOST_TEST(trash.list(alice, {}).empty());
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { trash.get(alice, image.id); }).starts_with("No image"));
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { trash.restore(alice, image.id); }).starts_with("No image"));
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { scrub(purge_of(image)); }).starts_with("No image"));
    BOOST_TEST(scrub().images == 1U);
    BOOST_TEST(local->image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_list_shows_what_is_neither_in_the_bin_nor_deleted) {
    const Image shown = active(), empty = queued(), gone = queued();
    binned();
    images.remove(alice, gone.id);
    const auto page = images.list(alice, {});
    BOOST_REQUIRE(page.size() == 2U);
    BOOST_TEST(page[0].id == empty.id);
    BOOST_TEST(page[1].id == shown.id);
}

BOOST_AUTO_TEST_SUITE_END()
