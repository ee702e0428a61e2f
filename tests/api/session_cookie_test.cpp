#include "api/session_cookie.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(session_cookie)

namespace {

std::string token_of(const std::vector<std::string>& cookies) {
    http::Request request;
    for (const auto& cookie : cookies) request.headers.emplace_back("cookie", cookie);
    return std::string(api::session_token(request));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_session_is_found_among_other_cookies) {
    for (const char* cookie : {"reprieve_session=abc", "a=b; reprieve_session=abc", "reprieve_session=abc;a=b; c",
                               "  reprieve_session=abc ;", "xreprieve_session=1; reprieve_session=abc",
                               "reprieve_sessions=1; reprieve_session=abc"})
        BOOST_TEST(token_of({cookie}) == "abc", cookie);
    BOOST_TEST(token_of({"a=b", "reprieve_session=abc"}) == "abc");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_session_is_none) {
    for (const std::string& cookie :
         {std::string(), std::string("reprieve_session"), std::string("reprieve_session="),
          std::string("Reprieve_Session=abc"), std::string("reprieve_session=\"abc\""),
          std::string("reprieve_session=a b"), std::string("reprieve_session=a,b"), std::string(";;;=;"),
          "reprieve_session=" + std::string(2049, 'a'), std::string("reprieve_session=abc; reprieve_session=abd")})
        BOOST_TEST(token_of({cookie}).empty(), cookie);
    BOOST_TEST(token_of({"reprieve_session=abc", "reprieve_session=abd"}).empty());
}

BOOST_AUTO_TEST_CASE(no_script_and_no_other_site_gets_at_it) {
    http::Response response;
    api::set_session_cookie(response, "abc", 90'500'000, false);
    BOOST_TEST((response.headers == http::Fields{{"Set-Cookie",
                                                  "reprieve_session=abc; Path=/; Max-Age=90; HttpOnly; "
                                                  "SameSite=Strict"}}));
    response = {};
    api::clear_session_cookie(response, true);
    BOOST_TEST((response.headers == http::Fields{{"Set-Cookie",
                                                  "reprieve_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; "
                                                  "Secure"}}));
}

BOOST_AUTO_TEST_SUITE_END()
