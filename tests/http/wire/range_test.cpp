#include "http/wire/range.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"

using namespace reprieve;
using http::parse_range;

BOOST_AUTO_TEST_SUITE(range)

namespace {

auto fails_with(ErrorKind kind) {
    return [kind](const Error& error) { return error.kind() == kind; };
}

void check_range(std::string_view header, std::uint64_t size, std::uint64_t offset, std::uint64_t length) {
    const auto range = parse_range(header, size);
    BOOST_REQUIRE(range.has_value());
    BOOST_TEST(range->offset == offset, header);
    BOOST_TEST(range->length == length, header);
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_header_is_no_range) {
    BOOST_TEST(!parse_range("", 10).has_value());
    BOOST_TEST(!parse_range("  ", 0).has_value());
}

BOOST_AUTO_TEST_CASE(each_form_gives_its_part) {
    check_range("bytes=0-", 10, 0, 10);
    check_range("bytes=5-9", 10, 5, 5);
    check_range("bytes=0-0", 10, 0, 1);
    check_range("bytes=-5", 10, 5, 5);
    check_range("Bytes = 5 - 6 ", 10, 5, 2);
}

BOOST_AUTO_TEST_CASE(an_end_beyond_the_body_is_cut_to_it) {
    check_range("bytes=5-100", 10, 5, 5);
    check_range("bytes=-100", 10, 0, 10);
    check_range("bytes=9-18446744073709551615", 10, 9, 1);
    check_range("bytes=9-99999999999999999999999999", 10, 9, 1);
}

BOOST_AUTO_TEST_CASE(a_range_without_any_byte_is_not_satisfiable) {
    for (const char* header :
         {"bytes=10-", "bytes=10-20", "bytes=99999999999999999999999999-", "bytes=-0", "bytes=6-5", "bytes=", "bytes=-",
          "bytes=a-b", "bytes=0x1-2", "bytes=+1-2", "bytes=--5", "bytes=1", "bytes", "0-5"})
        BOOST_CHECK_EXCEPTION(parse_range(header, 10), Error, fails_with(ErrorKind::range_not_satisfiable));
    for (const char* header : {"bytes=0-", "bytes=-1", "bytes=0-0"})
        BOOST_CHECK_EXCEPTION(parse_range(header, 0), Error, fails_with(ErrorKind::range_not_satisfiable));
}

BOOST_AUTO_TEST_CASE(several_ranges_and_other_units_are_refused) {
    for (const char* header : {"bytes=0-1,3-4", "bytes=0-,0-,0-", "lines=1-2", "=1-2"})
        BOOST_CHECK_EXCEPTION(parse_range(header, 10), Error, fails_with(ErrorKind::bad_request));
}

BOOST_AUTO_TEST_SUITE_END()
