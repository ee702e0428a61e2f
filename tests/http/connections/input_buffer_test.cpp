#include "http/connections/input_buffer.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <span>
#include <string>

using reprieve::http::InputBuffer;

BOOST_AUTO_TEST_SUITE(input_buffer)

BOOST_AUTO_TEST_CASE(bytes_come_out_in_the_order_in_which_they_came_in) {
    InputBuffer buffer;
    BOOST_TEST(buffer.empty());
    buffer.append("abc");
    buffer.append(std::as_bytes(std::span("defg", 4)));
    BOOST_TEST(buffer.view() == "abcdefg");
    buffer.consume(2);
    BOOST_TEST(buffer.view() == "cdefg");
    buffer.consume(3);
    buffer.append("h");
    BOOST_TEST(buffer.view() == "fgh");
    buffer.consume(0);
    BOOST_TEST(!buffer.empty());
    buffer.consume(3);
    BOOST_TEST(buffer.empty());
    BOOST_TEST(buffer.view() == "");
}

BOOST_AUTO_TEST_CASE(what_was_consumed_does_not_pile_up) {
    InputBuffer buffer;
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const std::string piece(static_cast<std::size_t>(i % 7), static_cast<char>('a' + i % 26));
        buffer.append(piece);
        expected += piece;
        const std::size_t count = std::min<std::size_t>(expected.size(), static_cast<std::size_t>(i % 5));
        buffer.consume(count);
        expected.erase(0, count);
        BOOST_REQUIRE(buffer.view() == expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()
