#include "service/images/locations.hpp"

#include <boost/test/unit_test.hpp>

#include "service/images/downloads.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Locating : ServiceFixture {
    service::Downloads downloads{catalog, stores, audit, clock, 2};
    const Caller nova{.user = "bob", .project = "lab", .is_admin = false, .is_service = true};

    /// Stores bytes in "spare" as another program would. Returns their URL.
    std::string foreign(const std::string& text = "bytes") const { return spare->put(new_uuid(), text); }

    static AttributeChange adding(const std::string& url, const std::string& position = "-") {
        return {AttributeChange::Operation::add, "locations", {}, position, {{.url = url, .store = "spare"}}};
    }
    static AttributeChange removing(const std::string& position) {
        return {AttributeChange::Operation::remove, "locations", {}, position, {}};
    }
    Image update(const Image& image, const AttributeChange& change) { return update(alice, image, change); }
    Image update(const Caller& caller, const Image& image, const AttributeChange& change) {
        return images.update(caller, image.id, {change});
    }
    std::string refusal(ErrorKind kind, const Image& image, const AttributeChange& change) {
        return error_of(kind, [&] { update(image, change); });
    }

    std::vector<std::string> actions(const Image& image) {
        audit.flush();
        EventQuery query;
        query.target = image.id;
        std::vector<std::string> found;
        for (const Event& event : audit.list(alice, query)) found.push_back(event.action + ": " + event.detail);
        return found;
    }
    bool has_action(const Image& image, const std::string& action) {
        const auto found = actions(image);
        return std::find(found.begin(), found.end(), action) != found.end();
    }
    std::size_t removals() {
        std::size_t count = 0;
        catalog.read([&](catalog::Connection& db) {
            auto row = db.prepare("SELECT count(*) FROM location_removals");
            row.step();
            count = row.get<std::size_t>(0);
        });
        return count;
    }
    std::string read(const Image& image) {
        auto opened = downloads.open(alice, image.id);
        std::string text(opened.size(), '\0');
        text.resize(opened.read(0, std::as_writable_bytes(std::span(text))));
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(locations_of_images, Locating)

BOOST_AUTO_TEST_CASE(a_location_makes_an_image_of_bytes_that_somebody_else_wrote) {
    const Image image = queued();
    const Image active = update(image, adding(foreign("hello")));
    BOOST_TEST(active.status == Status::active);
    BOOST_TEST(active.size.value() == 5U);
    BOOST_TEST(read(image) == "hello");
    BOOST_TEST(find(image.id)->locations.at(0).store == "spare");
    BOOST_TEST(!find(image.id)->locations.at(0).has_digest);
    BOOST_TEST(has_action(image, "image.add_location: in the store 'spare', 5 bytes"));
}

BOOST_AUTO_TEST_CASE(services_beside_a_member_of_the_owner_and_admins_change_locations_and_nobody_else) {
    const Image image = of_lab();
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { update(bob, image, adding(foreign())); }).find("'service'") !=
               std::string::npos);
    Caller reading_service = nova;
    reading_service.is_member = false;
    BOOST_TEST(throws(ErrorKind::forbidden, [&] { update(reading_service, image, adding(foreign())); }));
    Caller other_service = mallory;
    other_service.is_service = true;
    BOOST_TEST(throws(ErrorKind::not_found, [&] { update(other_service, image, adding(foreign())); }));
    BOOST_TEST(spare->calls(Operation::stat) == 0U);  // no store is asked for a caller without the right
    BOOST_TEST(update(nova, image, adding(foreign())).locations.size() == 2U);
    BOOST_TEST(throws(ErrorKind::forbidden, [&] { locations.remove_from_store(bob, "spare", image.id); }));
    locations.remove_from_store(nova, "spare", image.id);
    BOOST_TEST(find(image.id)->locations.size() == 1U);
}

BOOST_AUTO_TEST_CASE(locations_that_are_not_shown_are_not_changed) {
    service::Locations hidden{catalog, stores, clock, {.may_change = false, .image_size_cap = 1000}};
    service::Images records{catalog, clock, guard, running, scrubber, quotas, hidden, image_options()};
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] {
                   records.update(alice, active().id, {adding(foreign())});
               }).starts_with("It's not allowed to change locations if locations are invisible"));
}

BOOST_AUTO_TEST_CASE(a_location_that_is_of_no_use_is_refused_and_nothing_changes) {
    const Image image = queued();
    BOOST_TEST(refusal(ErrorKind::bad_request, image, adding("file:///etc/passwd")).starts_with("no store accepts"));
    BOOST_TEST(refusal(ErrorKind::bad_request, image, adding("faulty:" + new_uuid())).find("cannot be used") !=
               std::string::npos);
    AttributeChange elsewhere = adding(foreign());
    elsewhere.locations[0].store = "attic";
    BOOST_TEST(refusal(ErrorKind::bad_request, image, elsewhere).starts_with("there is no store 'attic'"));
    BOOST_TEST(refusal(ErrorKind::too_large, image, adding(foreign(std::string((1 << 20) + 1, 'x'))))
                   .find("limits.image_size_cap") != std::string::npos);
    spare->fail(Operation::stat, 1);
    BOOST_TEST(refusal(ErrorKind::unavailable, image, adding(foreign())).find("the store is down") !=
               std::string::npos);
    BOOST_TEST(find(image.id)->status == Status::queued);
    BOOST_TEST(find(image.id)->locations.empty());
}

BOOST_AUTO_TEST_CASE(bytes_under_the_images_own_name_are_taken_and_no_other_images) {
    local->take_no_locations();
    const Image image = queued();
    AttributeChange own = adding(local->put(image.id, "hello"));
    own.locations[0].store = "local";
    const Image other = active("bytes");
    AttributeChange foreign_one = adding(uri(other));
    foreign_one.locations[0].store = "local";
    BOOST_TEST(refusal(ErrorKind::bad_request, image, foreign_one).starts_with("no store accepts"));
    BOOST_TEST(update(image, own).locations.at(0).store == "local");
    BOOST_TEST(read(image) == "hello");
    images.remove(alice, image.id);
    scrub(purge_of(image));
    BOOST_TEST(local->image_count() == 1U);
}

BOOST_AUTO_TEST_CASE(an_update_names_so_many_locations_and_no_more) {
    AttributeChange many = adding(foreign());
    many.operation = AttributeChange::Operation::replace;
    many.locations.assign(11, many.locations[0]);
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { images.update(alice, queued().id, {many}); }) ==
               "an update can name at most 10 locations (limits.image_location_quota)");
}

BOOST_AUTO_TEST_CASE(an_image_has_so_many_locations_and_no_more) {
    const Image image = active();
    for (int i = 0; i < 9; ++i) update(image, adding(foreign()));
    BOOST_TEST(refusal(ErrorKind::too_large, image, adding(foreign())) ==
               "the image would have 11 locations; at most 10 are allowed");
}

BOOST_AUTO_TEST_CASE(a_location_that_is_removed_takes_its_bytes_along) {
    const Image image = active();
    const std::string url = foreign();
    update(image, adding(url, "0"));
    BOOST_TEST(find(image.id)->locations.at(0).uri == url);
    BOOST_TEST(update(image, removing("0")).locations.size() == 1U);
    BOOST_TEST(!spare->contents(url).has_value());
    BOOST_TEST(local->contents(uri(image)).has_value());
    BOOST_TEST(removals() == 0U);
    BOOST_TEST(has_action(image, "image.remove_location: in the store 'spare', 5 bytes"));
}

BOOST_AUTO_TEST_CASE(bytes_that_cannot_be_removed_now_are_remembered_and_removed_later) {
    const Image image = active();
    const std::string url = foreign();
    update(image, adding(url));
    spare->fail(Operation::remove, 1);
    update(image, removing("1"));
    BOOST_TEST(find(image.id)->locations.size() == 1U);
    BOOST_TEST(spare->contents(url).has_value());
    BOOST_TEST(removals() == 1U);
    service::LocationRemovals later{catalog, stores, clock};
    later.attempt_due();
    BOOST_TEST(removals() == 1U);  // the next attempt is not due yet
    clock.advance_us(60 * us_per_second);
    later.attempt_due();
    BOOST_TEST(removals() == 0U);
    BOOST_TEST(!spare->contents(url).has_value());
}

BOOST_AUTO_TEST_CASE(a_location_that_is_removed_and_added_again_at_once_keeps_its_bytes) {
    const Image image = active();
    const std::string url = foreign();
    update(image, adding(url));
    images.update(alice, image.id, {removing("1"), adding(url)});
    BOOST_TEST(find(image.id)->locations.at(1).uri == url);
    BOOST_TEST(spare->contents(url).has_value());
    BOOST_TEST(removals() == 0U);
}

BOOST_AUTO_TEST_CASE(an_image_leaves_a_store_and_never_its_last) {
    const Image image = active("bytes", {"local", "spare"});
    BOOST_TEST(throws(ErrorKind::conflict, [&] { locations.remove_from_store(alice, "attic", image.id); }));
    locations.remove_from_store(alice, "local", image.id);
    BOOST_TEST(local->image_count() == 0U);
    BOOST_TEST(read(image) == "bytes");
    BOOST_TEST(throws(ErrorKind::not_found, [&] { locations.remove_from_store(alice, "local", image.id); }));
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] {
                   locations.remove_from_store(alice, "spare", image.id);
               }).find("is in no other store") != std::string::npos);
    BOOST_TEST(throws(ErrorKind::conflict, [&] { locations.remove_from_store(alice, "local", queued().id); }));
}

BOOST_AUTO_TEST_CASE(an_image_that_cannot_leave_a_store_stays_there) {
    const Image image = active("bytes", {"local", "spare"});
    local->block(uri(image), "vm-7 uses it");
    BOOST_TEST(error_of(ErrorKind::in_use, [&] { locations.remove_from_store(alice, "local", image.id); }) ==
               "vm-7 uses it");
    const auto kept = find(image.id)->locations;
    BOOST_TEST(kept.size() == 2U);
    BOOST_TEST(kept.at(0).store == "local");
    BOOST_TEST(removals() == 0U);
    local->heal();
    locations.remove_from_store(alice, "local", image.id);
    BOOST_TEST(find(image.id)->locations.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_scrub_removes_every_location) {
    const Image image = active();
    const std::string url = foreign();
    update(image, adding(url));
    images.remove(alice, image.id);
    scrub(purge_of(image));
    BOOST_TEST(local->image_count() == 0U);
    BOOST_TEST(spare->image_count() == 0U);
    BOOST_TEST(status_of(image) == Status::deleted);
}

BOOST_AUTO_TEST_SUITE_END()
