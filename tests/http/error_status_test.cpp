#include "http/error_status.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(error_status)

BOOST_AUTO_TEST_CASE(an_error_has_the_shape_that_clients_parse) {
    http::Request request;
    http::Response response;
    http::answer_error(Error(ErrorKind::not_found, "No image \"x\"."), request, response);
    BOOST_TEST(response.status == 404);
    BOOST_TEST(response.body == R"({"message":"No image \"x\".","code":"404 Not Found","title":"Not Found"})");
}

BOOST_AUTO_TEST_CASE(an_internal_error_tells_the_client_nothing_but_the_request) {
    http::Request request;
    request.id = "req-1";
    http::Response response;
    http::answer_error(Error(ErrorKind::internal, "secret path"), request, response);
    BOOST_TEST(response.status == 500);
    BOOST_TEST(response.body.find("secret") == std::string::npos);
    BOOST_TEST(response.body.find("req-1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_body_is_valid_json_whatever_the_message_quotes) {
    http::Request request;
    http::Response response;
    http::answer_error(Error(ErrorKind::bad_request, "bad \xff\xfe \x01 name"), request, response);
    BOOST_TEST(nlohmann::json::accept(response.body));
}

BOOST_AUTO_TEST_CASE(glanceclient_is_answered_in_text_unless_it_asks_for_json) {
    http::Request request;
    request.headers = {{"user-agent", "python-glanceclient"}, {"accept", "*/*"}};
    http::Response response;
    http::answer_error(Error(ErrorKind::not_found, "No image found"), request, response);
    BOOST_TEST(response.status == 404);
    BOOST_TEST(response.content_type == "text/plain; charset=utf-8");
    BOOST_TEST(response.body == "404 Not Found: No image found");
    http::answer_error(Error(ErrorKind::bad_request, "bad \xff name"), request, response);
    BOOST_TEST(response.body == "400 Bad Request");
    request.headers[1].second = "application/json";
    http::answer_error(Error(ErrorKind::not_found, "No image found"), request, response);
    BOOST_TEST(nlohmann::json::accept(response.body));
}

BOOST_AUTO_TEST_CASE(the_identity_api_answers_in_the_shape_of_keystone) {
    http::Request request;
    request.path = "/v3/auth/tokens";
    request.headers = {{"user-agent", "python-glanceclient"}};
    http::Response response;
    http::answer_error(Error(ErrorKind::unauthenticated, "The password is wrong."), request, response);
    BOOST_TEST(response.status == 401);
    BOOST_TEST(response.content_type == "application/json");
    BOOST_TEST(response.body == R"({"error":{"message":"The password is wrong.","code":401,"title":"Unauthorized"}})");
    request.path = "/v3x";
    http::answer_error(Error(ErrorKind::not_found, "nothing"), request, response);
    BOOST_TEST(response.body == "404 Not Found: nothing");
}

BOOST_AUTO_TEST_CASE(who_may_come_back_is_told_when) {
    for (const ErrorKind kind :
         {ErrorKind::too_many_requests, ErrorKind::unavailable, ErrorKind::locked, ErrorKind::conflict}) {
        http::Response response;
        http::answer_error(Error(kind, "Not now."), http::Request(), response);
        const http::Fields expected{{"Retry-After", "5"}};
        BOOST_TEST((response.headers == (kind == ErrorKind::conflict ? http::Fields() : expected)));
    }
}

BOOST_AUTO_TEST_CASE(what_tus_refuses_has_its_statuses) {
    BOOST_TEST(http::status_of(ErrorKind::precondition_failed) == 412);
    BOOST_TEST(http::status_of(ErrorKind::locked) == 423);
    BOOST_TEST(http::status_of(ErrorKind::checksum_mismatch) == 460);
    BOOST_TEST(http::reason_of(460) == "460 Checksum Mismatch");
}

BOOST_AUTO_TEST_CASE(an_unknown_status_reads_as_a_server_error) {
    BOOST_TEST(http::reason_of(204) == "204 No Content");
    BOOST_TEST(http::reason_of(777) == "500 Internal Server Error");
}

BOOST_AUTO_TEST_SUITE_END()
