#include "http/router.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <stdexcept>

#include "base/error.hpp"

using namespace reprieve;
using http::Router;

namespace {

struct Table {
    Table() {
        for (const auto& [method, pattern] :
             std::initializer_list<std::pair<const char*, const char*>>{{"GET", "/"},
                                                                        {"GET", "/v2/images"},
                                                                        {"POST", "/v2/images"},
                                                                        {"GET", "/v2/images/{id}"},
                                                                        {"DELETE", "/v2/images/{id}"},
                                                                        {"PUT", "/v2/images/{id}/file"},
                                                                        {"PUT", "/v2/images/{id}/tags/{tag}"},
                                                                        {"GET", "/v2/images/special"},
                                                                        {"GET", "/v2/images/special/only"},
                                                                        {"GET", "/v2/"}})
            router.add({method, pattern, http::BodyRule::none, {}});
    }
    std::string pattern_of(std::string_view method, std::string_view path) {
        const auto match = router.find(method, path);
        return match.route == nullptr ? "-" : std::string(match.route->pattern);
    }
    Router router;
};

auto fails_with(ErrorKind kind) {
    return [kind](const Error& error) { return error.kind() == kind; };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(router, Table)

BOOST_AUTO_TEST_CASE(a_path_finds_its_route_and_captures) {
    BOOST_TEST(pattern_of("GET", "/") == "/");
    BOOST_TEST(pattern_of("GET", "/v2/images") == "/v2/images");
    const auto match = router.find("PUT", "/v2/images/abc/tags/a%20b");
    BOOST_REQUIRE(match.route != nullptr);
    BOOST_TEST(match.captures == (std::vector<std::string>{"abc", "a b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_encoded_slash_stays_in_its_segment) {
    const auto match = router.find("PUT", "/v2/images/x/tags/a%2Fb%2f..");
    BOOST_REQUIRE(match.route != nullptr);
    BOOST_TEST(match.captures.at(1) == "a/b/..");
}

BOOST_AUTO_TEST_CASE(a_literal_wins_and_the_walk_goes_back) {
    BOOST_TEST(pattern_of("GET", "/v2/images/special") == "/v2/images/special");
    BOOST_TEST(pattern_of("PUT", "/v2/images/special/file") == "/v2/images/{id}/file");
}

BOOST_AUTO_TEST_CASE(a_known_path_with_another_method_names_those_that_work) {
    BOOST_TEST(router.find("PATCH", "/v2/images").allow == "GET, HEAD, POST");
    BOOST_TEST(router.find("PATCH", "/v2/images/1").allow == "DELETE, GET, HEAD");
    BOOST_CHECK(router.find("PATCH", "/v2/images").route == nullptr);
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_not_found) {
    for (const char* path : {"/x", "/v2", "/v2/images/", "/v2/images/1/", "/v2/images/1/tags/", "//v2/images", "*", "",
                             "/v2/images//file"})
        BOOST_CHECK_EXCEPTION(router.find("GET", path), Error, fails_with(ErrorKind::not_found));
    BOOST_CHECK_EXCEPTION(router.find("GET", std::string(8000, '/')), Error, fails_with(ErrorKind::not_found));
    BOOST_TEST(pattern_of("GET", "/v2/") == "/v2/");
}

BOOST_AUTO_TEST_CASE(a_broken_encoding_is_refused) {
    for (const char* path : {"/v2/images/%", "/v2/images/%1", "/v2/images/%zz", "/v2/images/%00"})
        BOOST_CHECK_EXCEPTION(router.find("GET", path), Error, fails_with(ErrorKind::bad_request));
}

BOOST_AUTO_TEST_CASE(a_visit_sees_every_route_once) {
    std::vector<std::string> seen;
    router.visit([&](const http::Route& route) {
        seen.push_back(std::string(route.method) + " " + std::string(route.pattern));
        BOOST_TEST(pattern_of(seen.back().substr(0, route.method.size()), std::string(route.pattern)) == route.pattern);
    });
    BOOST_TEST(std::set<std::string>(seen.begin(), seen.end()).size() == seen.size());
    for (const char* route : {"GET /v2/images", "POST /v2/images", "GET /v2/", "PUT /v2/images/{id}/tags/{tag}"})
        BOOST_TEST(std::count(seen.begin(), seen.end(), route) == 1, route);
}

BOOST_AUTO_TEST_CASE(two_routes_for_the_same_are_our_mistake) {
    BOOST_CHECK_THROW(router.add({"GET", "/v2/images", http::BodyRule::none, {}}), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
