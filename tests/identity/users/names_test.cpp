#include "identity/users/names.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::identity;
using tests::error_of;
using tests::throws;

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(names_are_what_people_call_each_other) {
    for (const std::string& name : {std::string("a"), std::string("Zoë van Dijk"), std::string("王芳"),
                                    std::string(255, 'x'), std::string("a/b:c@d")})
        BOOST_CHECK_NO_THROW(check_name("user", name));
}

BOOST_AUTO_TEST_CASE(what_a_terminal_or_a_reader_could_mistake_is_no_name) {
    for (const std::string& name :
         {std::string(), std::string(" a"), std::string("a "), std::string(256, 'x'), std::string("a\nb"),
          std::string("a\x1b[2J"), std::string("a\0b", 3), std::string("\xff"),
          std::string("a\xe2\x80\xae"
                      "b")})
        BOOST_TEST(throws(ErrorKind::bad_request, [&] { check_name("user", name); }), name);
    BOOST_TEST(error_of(ErrorKind::bad_request, [] {
                   check_name("application credential", "");
               }).starts_with("the name of an application credential has 1 to 255 characters"));
}

BOOST_AUTO_TEST_CASE(a_description_may_be_empty_and_is_bounded) {
    BOOST_CHECK_NO_THROW(check_description(""));
    BOOST_CHECK_NO_THROW(check_description("two\nlines"));
    std::string longest;
    for (int i = 0; i < 1000; ++i) longest += "é";
    BOOST_CHECK_NO_THROW(check_description(longest));
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { check_description(longest + "x"); }));
    BOOST_TEST(throws(ErrorKind::bad_request, [] { check_description("\xff"); }));
}

BOOST_AUTO_TEST_CASE(ids_are_32_digits_and_differ) {
    const std::string id = new_id();
    BOOST_TEST(id.size() == 32U);
    BOOST_TEST(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    BOOST_TEST(id != new_id());
}

BOOST_AUTO_TEST_SUITE_END()
