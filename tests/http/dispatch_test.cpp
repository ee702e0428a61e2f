#include "http/dispatch.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <optional>
#include <string>

#include "tests/http/fake_body.hpp"

using namespace reprieve;
using namespace reprieve::http;
using tests::FakeBody;

BOOST_AUTO_TEST_SUITE(dispatching)

namespace {

constexpr std::size_t max_body = 100;

struct Dispatch {
    Dispatch() {
        router.add({"GET", "/hello/{name}", BodyRule::none,
                    [](Request& request, Response& response) { response.body = "hello " + request.captures.at(0); }});
        router.add({"GET", "/fails", BodyRule::ignore, [](Request&, Response& response) {
                        response.set_header("ETag", "x");
                        response.set_header("X-Kept", "x");
                        throw Error(ErrorKind::conflict, "it is so");
                    }});
        router.add(
            {"GET", "/throws", BodyRule::ignore, [](Request&, Response&) { throw std::runtime_error("secret"); }});
        router.add({"GET", "/splits", BodyRule::ignore,
                    [](Request&, Response& response) { response.set_header("X-Secret", "secret\r\nX-Other: y"); }});
        router.add({"GET", "/no-status", BodyRule::ignore, [](Request&, Response& response) { response.status = 99; }});
        router.add({"POST", "/ignores", BodyRule::ignore, [](Request&, Response&) {}});
    }

    std::string run(const std::string& method, const std::string& path, Response& response) {
        Request request;
        request.method = method;
        request.path = path;
        request.body = &body;
        return dispatch({router, gate, max_body}, request, response);
    }

    Router router;
    FakeBody body{"", false};
    int gated = 0;
    std::optional<Error> refusal;
    const Gate gate = [this](const Request&, Response&) {
        ++gated;
        if (refusal) throw Error(*refusal);
    };
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_request_goes_through_the_gate_to_its_route, Dispatch) {
    Response response;
    BOOST_TEST(run("GET", "/hello/you%20all", response) == "");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body == "hello you all");
    BOOST_TEST(gated == 1);
    refusal = Error(ErrorKind::forbidden, "not from there");
    BOOST_TEST(run("GET", "/hello/you", response) == "");
    BOOST_TEST(response.status == 403);
    BOOST_TEST(run("GET", "/unknown", response) == "");
    BOOST_TEST(response.status == 403);  // a refused client must not learn which paths exist
}

BOOST_FIXTURE_TEST_CASE(what_no_route_takes_says_what_would_be_taken, Dispatch) {
    Response response;
    run("GET", "/unknown", response);
    BOOST_TEST(response.status == 404);
    response = {};
    run("DELETE", "/hello/you", response);
    BOOST_TEST(response.status == 405);
    BOOST_REQUIRE(response.headers.size() == 1U);
    BOOST_TEST(response.headers[0].first == "Allow");
}

BOOST_FIXTURE_TEST_CASE(an_error_takes_the_headers_of_the_body_with_it, Dispatch) {
    Response response;
    BOOST_TEST(run("GET", "/fails", response) == "");
    BOOST_TEST(response.status == 409);
    BOOST_REQUIRE(response.headers.size() == 1U);
    BOOST_TEST(response.headers[0].first == "X-Kept");
}

BOOST_FIXTURE_TEST_CASE(what_went_wrong_inside_is_for_the_log_alone, Dispatch) {
    for (const char* path : {"/throws", "/splits", "/no-status"}) {
        Response response;
        BOOST_TEST(run("GET", path, response) != "", path);
        BOOST_TEST(response.status == 500, path);
        BOOST_TEST(response.headers.empty(), path);
        BOOST_TEST(response.body.find("secret") == std::string::npos, path);
    }
}

BOOST_FIXTURE_TEST_CASE(a_body_that_nobody_reads_is_dropped_up_to_the_limit, Dispatch) {
    Response response;
    body = FakeBody(std::string(max_body, 'x'), false);
    run("POST", "/ignores", response);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(body.left() == 0U);
    body = FakeBody(std::string(max_body + 1, 'x'), false);
    run("POST", "/ignores", response);
    BOOST_TEST(response.status == 413);
    body = FakeBody("x", false);
    run("GET", "/hello/you", response);
    BOOST_TEST(response.status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
