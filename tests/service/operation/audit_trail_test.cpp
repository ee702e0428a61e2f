#include "service/operation/audit_trail.hpp"

#include <boost/test/unit_test.hpp>

#include "service/images/downloads.hpp"
#include "service/uploads/uploads.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Audited : ServiceFixture {
    service::Uploads uploads{
        catalog, stores, buffers, running, quotas, clock, {.image_size_cap = 1 << 20, .hash_algorithm = "sha512"}};
    service::Downloads downloads{catalog, stores, audit, clock, 2};
    const Caller ann{.user = "u1", .user_name = "Ann", .project = "p1", .address = "192.0.2.7", .request = "req-1"};

    std::vector<Event> events(const EventQuery& query = {}, const Caller& caller = Caller{}) {
        return audit.list(caller, query);
    }
    /// Returns the actions of all events, the oldest first, such as "image.create image.delete".
    std::string actions() {
        std::string text;
        for (const Event& event : events()) text = event.action + (text.empty() ? "" : " ") + text;
        return text;
    }
    Image created(const std::string& name = "") {
        Image image;
        image.name = name;
        image.disk_format = "raw";
        image.container_format = "bare";
        return images.create(ann, std::move(image));
    }
    Image uploaded() {
        const Image image = created();
        return uploads.upload(ann, {.image_id = image.id, .size = 5, .store = {}, .source = source_of("bytes")});
    }
};

Event refusal(const std::string& target, std::int64_t at) {
    return refused_to({.user = "bob"}, at, "image.delete", target, Error(ErrorKind::forbidden, "no"));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit_trail, Audited)

BOOST_AUTO_TEST_CASE(everything_that_changes_an_image_is_an_event) {
    const Image image = uploaded();
    images.update(ann, image.id, {{AttributeChange::Operation::replace, "name", "new"}});
    images.update(ann, image.id, {});
    images.add_tag(ann, image.id, "lab");
    images.add_tag(ann, image.id, "lab");
    images.remove_tag(ann, image.id, "lab");
    images.deactivate(ann, image.id);
    images.deactivate(ann, image.id);
    images.reactivate(ann, image.id);
    images.remove(ann, image.id);
    trash.restore(ann, image.id);
    images.remove(ann, image.id);
    scrub({service::ScrubScope::Kind::one, image.id, {}, ann});
    BOOST_TEST(actions() ==
               "image.create image.upload image.update image.add_tag image.remove_tag image.deactivate "
               "image.reactivate image.delete image.restore image.delete image.purge");
    for (const Event& event : events()) {
        BOOST_TEST(event.at == clock.now_us());
        BOOST_TEST(event.user == "u1");
        BOOST_TEST(event.user_name == "Ann");
        BOOST_TEST(event.project == "p1");
        BOOST_TEST(event.address == "192.0.2.7");
        BOOST_TEST(event.request == "req-1");
        BOOST_TEST(event.target == image.id);
        BOOST_TEST(event.owner == "p1");
        BOOST_TEST(event.result == "done");
    }
}

BOOST_AUTO_TEST_CASE(what_the_scrubber_does_by_itself_is_its_own) {
    const Image image = binned();
    clock.advance_us(retention_us);
    scrub();
    const Event event = events().at(0);
    BOOST_TEST(event.action == "image.scrub");
    BOOST_TEST(event.user == "scrubber");
    BOOST_TEST(event.target == image.id);
    BOOST_TEST(event.detail.ends_with("bytes freed"));
}

BOOST_AUTO_TEST_CASE(what_fails_is_no_event_of_what_was_done) {
    Image image = created();
    image.is_protected = true;
    catalog.write([&](catalog::Connection& db) { catalog::update_image_row(db, image); });
    error_of(ErrorKind::forbidden, [&] { images.remove(ann, image.id); });
    error_of(ErrorKind::bad_request, [&] {
        images.update(ann, image.id, {{AttributeChange::Operation::replace, "min_disk", "many"}});
    });
    BOOST_TEST(actions() == "image.create");
}

BOOST_AUTO_TEST_CASE(a_download_is_recorded_when_it_has_ended_with_what_was_sent) {
    const Image image = uploaded();
    auto whole = downloads.open(ann, image.id);
    downloads.send(whole, 0, 5, [](auto) { return true; });
    auto broken = downloads.open(ann, image.id);
    downloads.send(broken, 1, 4, [](auto) { return false; });
    BOOST_TEST(actions() == "image.create image.upload");
    audit.flush();
    BOOST_TEST(actions() == "image.create image.upload image.download");
    BOOST_TEST(events().at(0).detail == "5 bytes");
    audit.condense();
    audit.flush();
    BOOST_TEST(actions() == "image.create image.upload image.download image.download");
    BOOST_TEST(events().at(0).detail == "0 of 4 bytes, then it was cut off");
    BOOST_TEST(events().at(0).owner == "p1");
}

BOOST_AUTO_TEST_CASE(an_image_that_is_read_in_many_parts_is_two_events) {
    const Image image = uploaded();
    for (int i = 0; i < 100; ++i) {
        auto part = downloads.open(ann, image.id);
        downloads.send(part, 1, 3, [](auto) { return true; });
    }
    audit.condense();
    audit.flush();
    BOOST_TEST(actions() == "image.create image.upload image.download image.download");
    BOOST_TEST(events().at(0).count == 99U);
    BOOST_TEST(events().at(0).detail == "297 bytes in all");
    BOOST_TEST(events().at(1).count == 1U);
}

BOOST_AUTO_TEST_CASE(refusals_are_stored_soon_and_their_repeats_when_the_window_ends) {
    for (int i = 0; i < 1000; ++i) audit.note_refusal(refusal("i1", clock.now_us()));
    audit.flush();
    BOOST_REQUIRE(events().size() == 1U);
    BOOST_TEST(events().at(0).count == 1U);
    audit.condense();
    audit.flush();
    BOOST_REQUIRE(events().size() == 2U);
    BOOST_TEST(events().at(0).count == 999U);
    BOOST_TEST(events().at(0).result == "forbidden");
}

BOOST_AUTO_TEST_CASE(the_end_writes_what_waits) {
    audit.note(done_by(ann, clock.now_us(), "image.download", "i1"));
    for (int i = 0; i < 3; ++i) audit.note_refusal(refusal("i1", clock.now_us()));
    audit.start();
    audit.stop();
    audit.stop();
    BOOST_TEST(events().size() == 3U);
}

BOOST_AUTO_TEST_CASE(old_events_go) {
    created();
    clock.advance_us(91 * 86'400 * us_per_second);
    created();
    audit.condense();
    BOOST_TEST(events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_event_waits_a_moment_for_others) {
    BOOST_TEST(audit.turn() == 60 * us_per_second);
    audit.note(done_by(ann, clock.now_us(), "image.download", "i1"));
    BOOST_TEST(audit.turn() == us_per_second / 5);
    clock.advance_us(us_per_second / 5 - 1);
    audit.note(done_by(ann, clock.now_us(), "image.download", "i2"));
    BOOST_TEST(audit.turn() == 1);
    BOOST_TEST(events().empty());
    clock.advance_us(1);
    BOOST_TEST(audit.turn() == 60 * us_per_second - us_per_second / 5);
    BOOST_TEST(events().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_purge_that_fails_is_told_and_keeps_no_event_back) {
    created();
    clock.advance_us(91 * 86'400 * us_per_second);
    write("CREATE TRIGGER told_to_fail BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'no'); END");
    BOOST_CHECK_THROW(audit.turn(), std::exception);
    audit.note(done_by(ann, clock.now_us(), "image.download", "i1"));
    audit.turn();
    clock.advance_us(us_per_second / 5);
    audit.turn();
    BOOST_TEST(actions() == "image.create image.download");
    heal_catalog();
    clock.advance_us(60 * us_per_second);
    audit.turn();
    BOOST_TEST(actions() == "image.download");
}

BOOST_AUTO_TEST_CASE(a_catalog_that_takes_nothing_keeps_nobody_from_a_download) {
    const Image image = uploaded();
    write("CREATE TRIGGER told_to_fail BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END");
    auto opened = downloads.open(ann, image.id);
    downloads.send(opened, 0, 5, [](auto) { return true; });
    audit.flush();
    heal_catalog();
    BOOST_TEST(actions() == "image.create image.upload");
}

BOOST_AUTO_TEST_CASE(others_than_an_admin_see_their_projects_and_their_own) {
    created();
    const Caller other{.user = "u2", .project = "p2", .is_admin = false};
    const Caller mate{.user = "u3", .project = "p1", .is_admin = false};
    BOOST_TEST(events({}, other).empty());
    BOOST_TEST(events({}, mate).size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_image_is_called_by_its_name_where_the_caller_may_know_it) {
    const Image image = created("debian");
    const Caller other{.user = "u2", .project = "p2", .is_admin = false};
    audit.note(done_by(other, clock.now_us(), "image.download", image.id, image.owner));
    audit.flush();
    BOOST_TEST(events().at(0).target_name == "debian");
    BOOST_TEST(events({}, other).at(0).target == image.id);
    BOOST_TEST(events({}, other).at(0).target_name == "");
}

BOOST_AUTO_TEST_SUITE_END()
