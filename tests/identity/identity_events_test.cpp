#include <boost/test/unit_test.hpp>
#include <vector>

#include "catalog/operation/event_table.hpp"
#include "tests/identity/identity_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Events : IdentityFixture {
    /// Returns the newest `count` events, the oldest of them first.
    std::vector<Event> newest(std::size_t count) {
        std::vector<Event> events;
        catalog.read([&](catalog::Connection& db) { events = catalog::list_events(db, {.limit = count}); });
        return {events.rbegin(), events.rend()};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(identity_events, Events)

BOOST_AUTO_TEST_CASE(what_an_admin_does_to_users_and_projects_is_recorded_without_secrets) {
    const auto project = directory.create_project(root, "lab", "");
    const auto user = directory.create_user(root, "ann", "a long password", {}, "");
    directory.assign(root, {user.id, project.id, "member"});
    directory.update_user(root, user.id, {.password = "another password", .is_enabled = false});
    directory.unassign(root, {user.id, project.id, "member"});
    directory.delete_user(root, user.id);
    directory.delete_project(root, project.id);
    const auto events = newest(7);
    const std::vector<std::string> actions{"project.create", "user.create", "role.add",      "user.update",
                                           "role.remove",    "user.delete", "project.delete"};
    BOOST_REQUIRE(events.size() == actions.size());
    for (std::size_t i = 0; i < actions.size(); ++i) {
        BOOST_TEST(events[i].action == actions[i]);
        BOOST_TEST(events[i].user == "admin");
        BOOST_TEST(events[i].target == (actions[i].starts_with("project") ? project.id : user.id));
        BOOST_TEST(events[i].detail.find("another") == std::string::npos);
    }
    BOOST_TEST(events[3].detail == "password, disabled");
}

BOOST_AUTO_TEST_CASE(a_sign_in_and_its_end_are_recorded_with_where_they_came_from) {
    const auto user = make_user("ann", "a long password", "lab");
    identity::SignInRequest request;
    request.password = identity::SignInRequest::Password{{user.id, std::nullopt}, "a long password"};
    request.address = "192.0.2.9";
    request.request = "req-7";
    const auto made = sign_in.sign_in(request);
    tokens.revoke(made.token, identity::caller_of(made.facts));
    const auto events = newest(2);
    BOOST_TEST(events[0].action == "token.create");
    BOOST_TEST(events[0].user == user.id);
    BOOST_TEST(events[0].address == "192.0.2.9");
    BOOST_TEST(events[0].request == "req-7");
    BOOST_TEST(events[0].detail == "password");
    BOOST_TEST(events[1].action == "token.revoke");
    BOOST_TEST(events[1].target == user.id);
}

BOOST_AUTO_TEST_SUITE_END()
