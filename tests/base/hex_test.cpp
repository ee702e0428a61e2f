#include "base/hex.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(hex)

BOOST_AUTO_TEST_CASE(a_byte_has_two_digits) {
    std::string text;
    for (const unsigned char byte : std::array<unsigned char, 4>{0x00, 0x0a, 0x7f, 0xff}) append_hex(text, byte);
    BOOST_TEST(text == "000a7fff");
    append_hex(text, 0xab, upper_hex_digits);
    BOOST_TEST(text == "000a7fffAB");
}

BOOST_AUTO_TEST_SUITE_END()
