#include "image/member.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/error_of.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(member)

BOOST_AUTO_TEST_CASE(a_status_is_found_by_its_name) {
    for (const auto status : {MemberStatus::pending, MemberStatus::accepted, MemberStatus::rejected})
        BOOST_TEST((member_status_from(to_string(status)) == status));
    BOOST_TEST(to_string(MemberStatus::accepted) == "accepted");
    for (const char* name : {"", "Accepted", "accept", "all"}) BOOST_TEST(!member_status_from(name).has_value(), name);
}

BOOST_AUTO_TEST_CASE(a_member_is_the_id_of_a_project) {
    BOOST_CHECK_NO_THROW(check_member_id("8f5a"));
    BOOST_CHECK_NO_THROW(check_member_id(std::string(255, 'x')));
    for (const std::string& id : {std::string(), std::string(256, 'x'), std::string("a\0b", 3), std::string("\xff")})
        BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { check_member_id(id); }), id);
}

BOOST_AUTO_TEST_SUITE_END()
