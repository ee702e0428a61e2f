#include "base/base64.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(base64)

// The test vectors of RFC 4648, section 10.
BOOST_AUTO_TEST_CASE(known_texts_come_out) {
    for (const auto& [text, bytes] : std::initializer_list<std::pair<const char*, const char*>>{
             {"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYmFy", "foobar"}})
        BOOST_TEST(decode_base64(text).value() == bytes);
    BOOST_TEST(decode_base64("+/8A").value() == std::string("\xfb\xff\x00", 3));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (const char* text : {"Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "Zm 9", "Zm9v\n", "Zm-_",
                             "Zh==", "Zm9=", "Z=g=", "Zg==Zg=="})
        BOOST_TEST(!decode_base64(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
