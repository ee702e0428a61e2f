#include "catalog/operation/event_table.hpp"

#include <boost/test/unit_test.hpp>

#include "base/log.hpp"
#include "tests/catalog/catalog_fixture.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Events : CatalogFixture {
    std::vector<std::string> log;
    Events() {
        set_log_sink([this](std::string_view line) { log.emplace_back(line); });
    }
    ~Events() { set_log_sink({}); }

    void record(const Event& event) {
        catalog.write([&](catalog::Connection& db) { catalog::record_event(db, event); });
    }
    /// Records that `user`, of the project "p-" + user, changed the image `target` of the project `owner` at `at`.
    void record(std::int64_t at, const std::string& user, const std::string& target = {}, const std::string& owner = {},
                const std::string& result = Event::done) {
        Event event =
            done_by({.user = user, .user_name = user, .project = "p-" + user}, at, "image.update", target, owner);
        event.result = result;
        record(event);
    }
    std::vector<Event> list(const EventQuery& query = {}) {
        return catalog.read([&](catalog::Connection& db) { return catalog::list_events(db, query); });
    }
    std::string times(const EventQuery& query = {}) {
        std::string text;
        for (const Event& event : list(query)) text += (text.empty() ? "" : " ") + std::to_string(event.at);
        return text;
    }
    std::size_t purge(std::int64_t before, const catalog::EventBounds& bounds = {}, std::size_t limit = 1000) {
        return catalog.write([&](catalog::Connection& db) { return catalog::purge_events(db, before, bounds, limit); });
    }
};

EventQuery of_result(const std::string& result) {
    EventQuery query;
    query.result = result;
    return query;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_table, Events)

BOOST_AUTO_TEST_CASE(an_event_comes_back_as_it_was_recorded) {
    Event event = done_by({.user = "u", .user_name = "Ann", .project = "p", .address = "192.0.2.1", .request = "req-1"},
                          7, "image.delete", "id", "owner", "into the recycle bin");
    event.count = 3;
    record(event);
    const auto [found] = std::array{list().at(0)};
    BOOST_TEST(found.number == 1);
    BOOST_TEST(found.at == 7);
    BOOST_TEST(found.action == "image.delete");
    BOOST_TEST(found.user == "u");
    BOOST_TEST(found.user_name == "Ann");
    BOOST_TEST(found.project == "p");
    BOOST_TEST(found.address == "192.0.2.1");
    BOOST_TEST(found.request == "req-1");
    BOOST_TEST(found.target == "id");
    BOOST_TEST(found.owner == "owner");
    BOOST_TEST(found.result == "done");
    BOOST_TEST(found.detail == "into the recycle bin");
    BOOST_TEST(found.count == 3U);
    BOOST_REQUIRE(log.size() == 1U);
    BOOST_TEST(log[0].find("image.delete") != std::string::npos);
    BOOST_TEST(log[0].find("192.0.2.1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_undone_leaves_no_event_and_no_line) {
    const auto fails = [&](catalog::Connection& db) {
        catalog::record_event(db, done_by({}, 1, "image.create", "id"));
        throw Error(ErrorKind::conflict, "no");
    };
    error_of(ErrorKind::conflict, [&] { catalog.write(fails); });
    BOOST_TEST(list().empty());
    BOOST_TEST(log.empty());
    record(2, "ann");
    BOOST_TEST(log.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_newest_come_first_a_page_at_a_time) {
    for (std::int64_t at : {10, 30, 20, 20, 40}) record(at, "ann");
    BOOST_TEST(times() == "40 30 20 20 10");
    EventQuery query;
    query.limit = 2;
    BOOST_TEST(times(query) == "40 30");
    query.before_number = list(query).back().number;
    BOOST_TEST(times(query) == "20 20");
    query.before_number = list(query).back().number;
    BOOST_TEST(times(query) == "10");
    query.before_number = 99;
    error_of(ErrorKind::bad_request, [&] { list(query); });
    query.before_number = 1;
    purge(25);
    BOOST_TEST(times(query).empty());
}

BOOST_AUTO_TEST_CASE(every_filter_must_hold) {
    record(10, "ann", "i1", "p1");
    record(20, "bob", "i1", "p1", "forbidden");
    record(30, "bob", "i2", "p2");
    const auto times_of = [&](auto member, const auto& value) {
        EventQuery query;
        query.*member = value;
        return times(query);
    };
    BOOST_TEST(times_of(&EventQuery::target, std::string("i1")) == "20 10");
    BOOST_TEST(times_of(&EventQuery::user, std::string("bob")) == "30 20");
    BOOST_TEST(times_of(&EventQuery::owner, std::string("p2")) == "30");
    BOOST_TEST(times_of(&EventQuery::action, std::string("image.update")) == "30 20 10");
    BOOST_TEST(times_of(&EventQuery::action, std::string("image.delete")).empty());
    BOOST_TEST(times_of(&EventQuery::since, 20) == "30 20");
    BOOST_TEST(times_of(&EventQuery::until, 20) == "10");
    BOOST_TEST(times(of_result("done")) == "30 10");
    BOOST_TEST(times(of_result("forbidden")) == "20");
    BOOST_TEST(times(of_result("refused")) == "20");
    BOOST_TEST(times(of_result("conflict")).empty());
    EventQuery both;
    both.target = "i1";
    both.user = "bob";
    BOOST_TEST(times(both) == "20");
}

BOOST_AUTO_TEST_CASE(a_scope_shows_the_projects_images_and_the_users_own_acts) {
    record(10, "ann", "i1", "p-ann");
    record(20, "bob", "i1", "p-ann");  // changed an image of Ann's project
    record(30, "ann", "i2", "p-bob");  // done by Ann
    record(40, "bob", "i2", "p-bob");
    EventQuery query;
    query.scope = {"p-ann", "ann"};
    BOOST_TEST(times(query) == "30 20 10");
    query.limit = 2;
    BOOST_TEST(times(query) == "30 20");
    query.before_number = 2;
    BOOST_TEST(times(query) == "10");
    query = {};
    query.scope = {"", "nobody"};  // an event without an image has no owner, but not everybody may see it
    record(50, "root");
    BOOST_TEST(times(query).empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_finds_the_owner_of_its_image) {
    Image image = new_image();
    image.owner = "p-ann";
    insert(image);
    record(10, "bob", image.id, "", "forbidden");
    record(20, "bob", "no image", "", "forbidden");
    EventQuery query;
    query.owner = "p-ann";
    BOOST_TEST(times(query) == "10");
}

BOOST_AUTO_TEST_CASE(old_events_go_the_oldest_first) {
    for (std::int64_t at = 1; at <= 10; ++at) record(at, "ann", "", "", at % 2 == 0 ? "done" : "forbidden");
    BOOST_TEST(purge(5, {}, 2) == 2U);
    BOOST_TEST(times() == "10 9 8 7 6 5 4 3");
    BOOST_TEST(purge(5) == 2U);
    BOOST_TEST(purge(5) == 0U);
    BOOST_TEST(times() == "10 9 8 7 6 5");
}

BOOST_AUTO_TEST_CASE(refusals_do_not_push_out_what_was_done) {
    record(1, "ann");
    record(2, "ann");
    for (std::int64_t at = 3; at <= 20; ++at) record(at, "bob", "", "", "forbidden");
    const catalog::EventBounds bounds{.events = 2, .refusals = 3};
    while (purge(0, bounds, 4) > 0) {
    }
    BOOST_TEST(times() == "20 19 18 2 1");
    record(30, "ann");
    BOOST_TEST(purge(0, bounds) == 1U);
    BOOST_TEST(times() == "30 20 19 18 2");
}

BOOST_AUTO_TEST_CASE(downloads_push_out_downloads_before_what_was_changed) {
    const auto download = [&](std::int64_t at) { record(done_by({}, at, Event::download, "i1")); };
    record(1, "ann");
    record(2, "ann");
    for (std::int64_t at = 3; at <= 20; ++at) download(at);
    const catalog::EventBounds bounds{.events = 5, .refusals = 3};
    while (purge(0, bounds, 4) > 0) {
    }
    BOOST_TEST(times() == "20 19 2 1");
    for (std::int64_t at = 30; at <= 34; ++at) record(at, "ann");
    while (purge(0, bounds, 4) > 0) {
    }
    BOOST_TEST(times() == "34 33 32 31 30");
}

BOOST_AUTO_TEST_CASE(whatever_bytes_were_refused_the_list_stays_text) {
    Event event = done_by({.user_name = "\xff"}, 1, "image.upload", "id\x80");
    event.detail = "No image found with ID \xfe\xfe";
    record(event);
    const Event found = list().at(0);
    BOOST_TEST(found.user_name == "\ufffd");
    BOOST_TEST(found.target == "id\ufffd");
    BOOST_TEST(found.detail == "No image found with ID \ufffd\ufffd");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut_between_characters) {
    Event event = done_by({.user_name = std::string(254, 'a') + "\u00e4"}, 1, "image.create", "id");
    event.detail = std::string(10'000, 'x');
    record(event);
    BOOST_TEST(list().at(0).user_name == std::string(254, 'a'));
    BOOST_TEST(list().at(0).detail.size() == 512U);
}

BOOST_AUTO_TEST_SUITE_END()
