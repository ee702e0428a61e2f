#include "http/wire/message.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>

#include "tests/error_of.hpp"
#include "tests/http/fake_body.hpp"

using namespace reprieve;
using namespace reprieve::http;
using tests::error_of;
using tests::FakeBody;

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(the_first_of_several_headers_or_parameters_counts) {
    Request request;
    request.headers = {{"accept", "a"}, {"accept", "b"}, {"x-empty", ""}};
    request.query = {{"limit", "1"}, {"limit", "2"}, {"empty", ""}};
    BOOST_TEST(request.header("accept") == "a");
    BOOST_TEST(request.header("x-empty") == "");
    BOOST_TEST(request.header("x-other") == "");
    BOOST_TEST(request.parameter("limit").value() == "1");
    BOOST_TEST(request.parameter("empty").value() == "");
    BOOST_TEST(!request.parameter("other").has_value());
}

BOOST_AUTO_TEST_CASE(the_address_is_the_one_that_the_client_used) {
    Request request;
    BOOST_TEST(request.base_url() == "http://localhost");
    request.headers = {{"host", "images.example:9292"}};
    BOOST_TEST(request.base_url() == "http://images.example:9292");
    request.is_https = true;
    BOOST_TEST(request.base_url() == "https://images.example:9292");
}

BOOST_AUTO_TEST_CASE(a_body_up_to_the_limit_is_read_whole) {
    for (const bool is_declared : {true, false}) {
        for (const std::size_t size : {0U, 1U, 99U, 100U, 16384U, 16385U, 100'000U}) {
            FakeBody body(std::string(size, 'x'), is_declared);
            Request request;
            request.body = &body;
            BOOST_TEST(read_body(request, std::max<std::size_t>(size, 100)).size() == size);
            BOOST_TEST(body.has_deadline);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_beyond_the_limit_is_refused_without_reading_all_of_it) {
    for (const bool is_declared : {true, false}) {
        FakeBody body(std::string(100'000, 'x'), is_declared);
        Request request;
        request.body = &body;
        BOOST_TEST(error_of(ErrorKind::too_large, [&] { read_body(request, 100); }) ==
                   "The request's body is larger than 100 bytes.");
        BOOST_TEST(body.taken() == (is_declared ? 0U : 101U));
    }
}

BOOST_AUTO_TEST_SUITE_END()
