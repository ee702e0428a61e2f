#include "base/timestamp.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(timestamp)

BOOST_AUTO_TEST_CASE(a_time_is_written_in_whole_seconds_of_utc) {
    BOOST_TEST(format_timestamp(0) == "1970-01-01T00:00:00Z");
    BOOST_TEST(format_timestamp(1'700'000'000'999'999) == "2023-11-14T22:13:20Z");
    BOOST_TEST(format_timestamp(-1) == "1969-12-31T23:59:59Z");
}

BOOST_AUTO_TEST_CASE(a_time_is_written_with_microseconds_for_clients_of_keystone) {
    BOOST_TEST(format_timestamp_micros(1'700'000'000'000'042) == "2023-11-14T22:13:20.000042Z");
    BOOST_TEST(format_timestamp_micros(-1) == "1969-12-31T23:59:59.999999Z");
}

BOOST_AUTO_TEST_CASE(times_out_of_the_calendar_are_cut_to_its_ends) {
    BOOST_TEST(format_timestamp(INT64_MAX) == "9999-12-31T23:59:59Z");
    BOOST_TEST(format_timestamp(INT64_MIN) == "0001-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(an_absent_time_has_no_text) {
    BOOST_TEST(!format_timestamp(std::nullopt).has_value());
    BOOST_TEST(format_timestamp(std::optional<std::int64_t>(0)).value() == "1970-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(all_forms_that_clients_send_are_read) {
    const std::int64_t expected = 1'700'000'000'000'000;
    for (const char* text : {"2023-11-14T22:13:20Z", "2023-11-14 22:13:20", "2023-11-14T22:13:20.000000",
                             "2023-11-14T23:13:20+01:00", "2023-11-14T20:43:20-0130", "2023-11-14T22:13:20z"})
        BOOST_TEST(parse_timestamp(text).value_or(0) == expected, text);
    BOOST_TEST(parse_timestamp("2023-11-14T22:13:20.25Z").value_or(0) == expected + 250'000);
    BOOST_TEST(parse_timestamp("1970-01-01").value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(http_has_a_form_of_its_own) {
    BOOST_TEST(format_http_date(784'111'777'000'000) == "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110, section 5.6.7
    BOOST_TEST(format_http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(format_http_date(1'709'164'800'999'999) == "Thu, 29 Feb 2024 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
    for (const char* text : {"", "2023", "2023-13-01", "2023-02-30", "2023-11-14T25:00:00Z", "2023-11-14T22:13:20X",
                             "2023-11-14T22:13:20Zz", "yesterday", "2023-11-14T22:13:20+99:00"})
        BOOST_TEST(!parse_timestamp(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
