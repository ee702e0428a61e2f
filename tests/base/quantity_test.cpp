#include "base/quantity.hpp"

#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using tests::error_of;

BOOST_AUTO_TEST_SUITE(quantity)

namespace {

constexpr std::int64_t hour_us = 3600 * us_per_second;

}  // namespace

BOOST_AUTO_TEST_CASE(a_duration_is_read_in_every_unit) {
    BOOST_TEST(parse_duration_us("90") == 90 * us_per_second);
    BOOST_TEST(parse_duration_us("7d") == 7 * 24 * hour_us);
    BOOST_TEST(parse_duration_us("2w") == 14 * 24 * hour_us);
    BOOST_TEST(parse_duration_us("90m") == hour_us * 3 / 2);
    BOOST_TEST(parse_duration_us("1h30m") == hour_us * 3 / 2);
    BOOST_TEST(parse_duration_us(" 1 h 30 m ") == hour_us * 3 / 2);
    BOOST_TEST(parse_duration_us("250ms") == 250'000);
    BOOST_TEST(parse_duration_us("1s5us") == us_per_second + 5);
    BOOST_TEST(parse_duration_us("0") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_duration_is_refused) {
    for (const char* text : {"", " ", "d", "-1s", "1.5h", "7x", "7D", "30m1h", "1h1h", "1h30", "1 2", "1e3", "∞"})
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { parse_duration_us(text); }).find("not a duration") !=
                       std::string::npos,
                   text);
    BOOST_TEST(error_of(ErrorKind::bad_request, [] { duration_us_from_seconds(-1); }).find("negative") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_duration_beyond_63_bits_is_refused) {
    BOOST_TEST(parse_duration_us("9223372036854775807us") == INT64_MAX);
    for (const char* text : {"9223372036854775808us", "9223372036855", "106751992d", "99999999999999999999999999d",
                             "9223372036854s775808us"})
        BOOST_TEST(
            error_of(ErrorKind::bad_request, [&] { parse_duration_us(text); }).find("too long") != std::string::npos,
            text);
    BOOST_TEST(duration_us_from_seconds(9'223'372'036'854) == 9'223'372'036'854'000'000);
    BOOST_CHECK_THROW(duration_us_from_seconds(9'223'372'036'855), Error);
}

BOOST_AUTO_TEST_CASE(a_size_is_read_in_every_unit_and_case) {
    BOOST_TEST(parse_size("4096") == 4096U);
    BOOST_TEST(parse_size("12B") == 12U);
    BOOST_TEST(parse_size("8MiB") == 8U << 20);
    BOOST_TEST(parse_size("8mib") == 8U << 20);
    BOOST_TEST(parse_size("1GB") == 1'000'000'000U);
    BOOST_TEST(parse_size(" 2 TiB ") == 2ULL << 40);
    BOOST_TEST(parse_size("18446744073709551615") == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(what_is_no_size_is_refused) {
    for (const char* text : {"", "GiB", "-1", "1.5GiB", "8M", "8 Mi B", "1GiB1MiB", "0x10", "8MiB."})
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { parse_size(text); }).find("not a size") != std::string::npos,
                   text);
    for (const char* text : {"18446744073709551616", "16EiB", "99999999999999999999GB"})
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { parse_size(text); }).find("too large") != std::string::npos,
                   text);
}

BOOST_AUTO_TEST_CASE(quantities_are_written_as_people_write_them) {
    BOOST_TEST(duration_to_text(7 * 24 * hour_us) == "7d");
    BOOST_TEST(duration_to_text(90 * 60 * us_per_second) == "1h30m");
    BOOST_TEST(duration_to_text(250'000) == "250ms");
    BOOST_TEST(duration_to_text(0) == "0s");
    BOOST_TEST(size_to_text(64 << 20) == "64MiB");
    BOOST_TEST(size_to_text(1'000'000'000) == "1GB");
    BOOST_TEST(size_to_text(1025) == "1025B");
    BOOST_TEST(size_to_text(0) == "0");
}

BOOST_AUTO_TEST_CASE(a_size_for_a_person_is_rounded_down) {
    BOOST_TEST(approximate_size(0) == "0 B");
    BOOST_TEST(approximate_size(1023) == "1023 B");
    BOOST_TEST(approximate_size(1024) == "1.0 KiB");
    BOOST_TEST(approximate_size(1536 << 20) == "1.5 GiB");
    BOOST_TEST(approximate_size((2 << 20) - 1) == "1.9 MiB");
    BOOST_TEST(approximate_size(UINT64_MAX) == "15.9 EiB");
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back_exactly) {
    std::uint64_t x = 1;
    for (int i = 0; i < 2000; ++i) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        const std::uint64_t bytes = x >> (i % 64);
        const auto us = static_cast<std::int64_t>(bytes >> 1);
        BOOST_REQUIRE_EQUAL(parse_size(size_to_text(bytes)), bytes);
        BOOST_REQUIRE_EQUAL(parse_duration_us(duration_to_text(us)), us);
    }
    BOOST_TEST(parse_size(size_to_text(UINT64_MAX)) == UINT64_MAX);
    BOOST_TEST(parse_duration_us(duration_to_text(INT64_MAX)) == INT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()
