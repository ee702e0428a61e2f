#include "net/http_client.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

#include "base/error.hpp"
#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"
#include "tests/net/fake_server.hpp"

namespace reprieve::net {
BOOST_AUTO_TEST_SUITE(http_client)

namespace {

using tests::answer_of;
using tests::FakeServer;

HttpClient client_of(const FakeServer& server, std::size_t max_answer_bytes = 1000) {
    return {parse_url(server.url()).endpoint,
            nullptr,
            {.timeout_us = tests::hang_limit_us,
             .max_answer_bytes = max_answer_bytes,
             .max_idle_us = tests::hang_limit_us}};
}

HttpAnswer get(HttpClient& client, const std::string& target = "/") { return client.send({"GET", target, {}, {}}); }

/// Returns the error of a client that receives exactly these bytes as the answer.
std::string refusal_of(const std::string& bytes) {
    FakeServer server([&](const std::string&) { return bytes; });
    HttpClient client = client_of(server);
    return tests::error_of(ErrorKind::unavailable, [&] { get(client); });
}

/// Returns the body of the answer as a client reads it. `bytes`: the whole answer, as the server sends it.
std::string body_of(const std::string& bytes, const std::string& method = "GET") {
    FakeServer server([&](const std::string&) { return bytes; });
    return client_of(server).send({method, "/", {}, {}}).body;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_request_goes_over_the_wire_as_it_is_meant) {
    std::string seen;
    FakeServer server([&](const std::string& request) {
        seen = request;
        return answer_of("201 Created", "yes", "X-Subject-Token:  abc \r\n");
    });
    HttpClient client = client_of(server);
    const HttpAnswer answer = client.send({"POST", "/v3?a", {{"X-Auth-Token", "t"}}, "body"});
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    BOOST_TEST(seen == "POST /v3?a HTTP/1.1\r\nHost: " + host + "\r\nX-Auth-Token: t\r\nContent-Length: 4\r\n\r\nbody");
    BOOST_TEST(answer.status == 201);
    BOOST_TEST(answer.header("x-subject-token") == "abc");
    BOOST_TEST(answer.body == "yes");
}

BOOST_AUTO_TEST_CASE(every_way_to_frame_a_body_is_read) {
    BOOST_TEST(
        body_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: t"
                "\r\n\r\n") == "abc0123456789");
    BOOST_TEST(body_of("HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nto the end") == "to the end");
    BOOST_TEST(body_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok") == "ok");
    BOOST_TEST(body_of("HTTP/1.1 204 No Content\r\n\r\n") == "");
    BOOST_TEST(body_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD") == "");
}

BOOST_AUTO_TEST_CASE(an_answer_that_can_be_read_in_two_ways_is_refused) {
    const std::string begin = "HTTP/1.1 200 OK\r\n";
    for (const std::string head :
         {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: gzip, chunked\r\n", "Content-Length: -1\r\n", "Content-Length: +1\r\n",
          "Content-Length: 0x1\r\n", "Content-Length:\r\n", "Content-Length : 1\r\n", " folded\r\n", "nothing\r\n"})
        BOOST_TEST(contains(refusal_of(begin + head + "\r\nab"), "cannot be read"), head);
    for (const std::string all : {"HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n",
                                  "HTTP/1.1 999 no\r\n\r\n", "SSH-2.0\r\n", "HTTP/1.1 101 Switching\r\n\r\n"})
        BOOST_TEST(contains(refusal_of(all), "cannot be read"), all);
    const std::string chunked = begin + "Transfer-Encoding: chunked\r\n\r\n";
    for (const std::string chunks :
         {"g\r\n", "-1\r\n", "2\r\nabc\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "fffffffffffffffff\r\n"})
        BOOST_TEST(contains(refusal_of(chunked + chunks), "cannot be read"), chunks);
}

BOOST_AUTO_TEST_CASE(an_answer_has_its_bounds) {
    const std::string begin = "HTTP/1.1 200 OK\r\n";
    BOOST_TEST(contains(refusal_of(answer_of("200 OK", std::string(1001, 'x'))), "too large"));
    BOOST_TEST(contains(refusal_of(begin + "Connection: close\r\n\r\n" + std::string(1001, 'x')), "too large"));
    BOOST_TEST(contains(refusal_of(begin + "Transfer-Encoding: chunked\r\n\r\n200\r\n" + std::string(0x200, 'x') +
                                   "\r\n200\r\n" + std::string(0x200, 'x') + "\r\n0\r\n\r\n"),
                        "too large"));
    BOOST_TEST(contains(refusal_of(begin + "X: " + std::string(70'000, 'x')), "too long"));
    std::string fields;
    for (int i = 0; i < 200; ++i) fields += "X: y\r\n";
    BOOST_TEST(contains(refusal_of(begin + fields + "\r\n"), "too many"));
    BOOST_TEST(body_of(answer_of("200 OK", std::string(1000, 'x'))).size() == 1000);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_is_no_answer) {
    BOOST_TEST(
        contains(refusal_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc"), "ends before"));
    BOOST_TEST(contains(refusal_of("HTTP/1.1 200 OK\r\nConnection: close\r\n"), "ends in its head"));
    BOOST_TEST(contains(refusal_of(""), "closed the connection"));
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_for_reads_and_never_for_writes) {
    FakeServer server([](const std::string&) { return answer_of("200 OK", "x"); });
    HttpClient client = client_of(server);
    for (int i = 0; i < 3; ++i) get(client);
    BOOST_TEST(server.connections() == 1);
    client.send({"POST", "/", {}, "x"});
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_the_server_drops_is_replaced) {
    std::atomic<int> count = 0;
    // The server drops every second request without an answer. The client then repeats it on a new connection.
    FakeServer server([&](const std::string&) { return ++count % 2 == 0 ? "" : answer_of("200 OK", "x"); });
    HttpClient client = client_of(server);
    BOOST_TEST(get(client).body == "x");
    BOOST_TEST(get(client).body == "x");
    BOOST_TEST(count == 3);
}

BOOST_AUTO_TEST_CASE(a_connection_with_more_than_the_answer_is_not_kept) {
    FakeServer server([](const std::string&) { return answer_of("200 OK", "x") + answer_of("200 OK", "evil"); });
    HttpClient client = client_of(server);
    BOOST_TEST(get(client).body == "x");
    BOOST_TEST(get(client).body == "x");
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(one_deadline_holds_for_a_server_that_drips) {
    FakeServer server([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"; }, 0, "x");
    HttpClient client = client_of(server);
    const auto ask = [&] { client.send({"GET", "/", {}, {}}, 50'000); };
    BOOST_TEST(contains(tests::error_of(ErrorKind::unavailable, ask), "no answer in time"));
}

BOOST_AUTO_TEST_CASE(nobody_listens) {
    std::uint16_t port = 0;
    {
        port = FakeServer([](const std::string&) { return ""; }).port();
    }
    HttpClient client({.host = "127.0.0.1", .port = port}, nullptr, {});
    BOOST_TEST(tests::error_of(ErrorKind::unavailable, [&] { get(client); }) ==
               "127.0.0.1:" + std::to_string(port) + " does not answer: Connection refused");
}

BOOST_AUTO_TEST_CASE(a_checked_address_is_connected_to_and_the_name_is_only_said) {
    std::string seen;
    FakeServer server([&](const std::string& request) {
        seen = request;
        return answer_of("200 OK", "x");
    });
    const Endpoint endpoint{.host = "no.such.name.invalid", .port = server.port(), .address = "127.0.0.1"};
    HttpClient client(endpoint, nullptr, {.timeout_us = tests::hang_limit_us});
    BOOST_TEST(get(client).body == "x");
    BOOST_TEST(contains(seen, "Host: no.such.name.invalid:"));
    HttpClient wrong({.host = "a", .port = 1, .address = "localhost"}, nullptr, {});
    BOOST_TEST(contains(tests::error_of(ErrorKind::bad_request, [&] { get(wrong); }), "'localhost' is not a numeric"));
}

BOOST_AUTO_TEST_CASE(no_line_end_gets_into_a_request) {
    FakeServer server([](const std::string&) { return answer_of("200 OK", "x"); });
    HttpClient client = client_of(server);
    for (const HttpRequest& request :
         {HttpRequest{"GET", "/\r\nX: y", {}, {}}, HttpRequest{"GET", "/", {{"A", "b\nc"}}, {}},
          HttpRequest{"GET", "/", {{"A", std::string("b\0c", 3)}}, {}}})
        BOOST_TEST(contains(tests::error_of(ErrorKind::bad_request, [&] { client.send(request); }), "line end"));
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve::net
