#include "service/operation/repeat_window.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;
using service::RepeatWindow;

BOOST_AUTO_TEST_SUITE(repeat_window)

namespace {

Event refusal(const std::string& target, const std::string& address = "192.0.2.1", std::int64_t at = 1) {
    return refused_to({.user = "bob", .address = address}, at, "image.delete", target,
                      Error(ErrorKind::forbidden, "it is not yours"));
}

Event download(const std::string& target, std::int64_t at = 1, const std::string& detail = "5 bytes") {
    return done_by({.user = "bob", .address = "192.0.2.1"}, at, Event::download, target, "p1", detail);
}

std::uint64_t total(const std::vector<Event>& events) {
    std::uint64_t count = 0;
    for (const Event& event : events) count += event.count;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_of_a_kind_is_told_at_once_and_the_others_are_counted) {
    RepeatWindow window;
    const auto first = window.add(refusal("i1"));
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(first->count == 1U);
    BOOST_TEST(first->result == "forbidden");
    BOOST_TEST(first->detail == "it is not yours");
    BOOST_TEST(!window.add(refusal("i1", "192.0.2.1", 5)).has_value());
    BOOST_TEST(!window.add(refusal("i1", "192.0.2.1", 9)).has_value());
    BOOST_TEST(window.add(refusal("i2")).has_value());
    const auto repeated = window.close();
    BOOST_REQUIRE(repeated.size() == 1U);
    BOOST_TEST(repeated[0].count == 2U);
    BOOST_TEST(repeated[0].at == 9);
    BOOST_TEST(repeated[0].target == "i1");
    BOOST_TEST(window.add(refusal("i1")).has_value());
}

BOOST_AUTO_TEST_CASE(an_address_with_ever_new_kinds_fills_its_own_share_alone) {
    RepeatWindow window;
    std::uint64_t told = 0;
    for (int i = 0; i < 10'000; ++i) told += window.add(refusal("i" + std::to_string(i))) ? 1 : 0;
    BOOST_TEST(told == RepeatWindow::max_kinds_of_address + 1);
    BOOST_TEST(window.add(refusal("i1", "192.0.2.2")).has_value());
    const auto repeated = window.close();
    BOOST_REQUIRE(repeated.size() == 1U);
    BOOST_TEST(repeated[0].action == "various");
    BOOST_TEST(repeated[0].address == "192.0.2.1");
    BOOST_TEST(told + total(repeated) == 10'000U);
}

BOOST_AUTO_TEST_CASE(many_addresses_fill_no_more_than_there_is_for_all) {
    RepeatWindow window;
    std::uint64_t told = 0;
    for (int i = 0; i < 10'000; ++i) told += window.add(refusal("i", "2001:db8::" + std::to_string(i))) ? 1 : 0;
    BOOST_TEST(told <= RepeatWindow::max_kinds + 1);
    const auto repeated = window.close();
    BOOST_TEST(repeated.size() == 1U);
    BOOST_TEST(told + total(repeated) == 10'000U);
}

BOOST_AUTO_TEST_CASE(what_was_sent_again_is_told_in_all) {
    RepeatWindow window;
    BOOST_TEST(window.add(download("i1"), 5).has_value());
    BOOST_TEST(!window.add(download("i1", 7), 5).has_value());
    BOOST_TEST(!window.add(download("i1", 9), 30).has_value());
    BOOST_TEST(window.add(download("i2"), 5).has_value());
    BOOST_TEST(!window.add(download("i2", 4, "2 of 5 bytes, then it was cut off"), 2).has_value());
    const auto repeated = window.close();
    BOOST_REQUIRE(repeated.size() == 2U);
    BOOST_TEST(repeated[0].count == 2U);
    BOOST_TEST(repeated[0].at == 9);
    BOOST_TEST(repeated[0].detail == "35 bytes in all");
    BOOST_TEST(repeated[1].count == 1U);
    BOOST_TEST(repeated[1].detail == "2 of 5 bytes, then it was cut off");
}

BOOST_AUTO_TEST_CASE(what_was_done_is_never_told_without_its_name) {
    RepeatWindow window;
    for (int i = 0; i < 1000; ++i) BOOST_TEST(window.add(download("i" + std::to_string(i)), 5).has_value());
    BOOST_TEST(window.close().empty());
}

BOOST_AUTO_TEST_SUITE_END()
