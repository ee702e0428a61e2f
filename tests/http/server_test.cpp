#include "http/server.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/uuid.hpp"
#include "tests/http/server_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

void check_error(const Answer& answer, int status) {
    BOOST_TEST(answer.status == status);
    BOOST_TEST(answer.header("Content-Type") == "application/json");
    BOOST_TEST(answer.header("X-Openstack-Request-Id").starts_with("req-"));
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    BOOST_REQUIRE(json.is_object());
    BOOST_TEST(json["code"].get<std::string>().starts_with(std::to_string(status)));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_server, ServerFixture)

BOOST_AUTO_TEST_CASE(a_request_is_answered_and_the_connection_kept) {
    Client client(start());
    for (int i = 0; i < 3; ++i) {
        const Answer answer = client.ask(get("/hello"));
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body == "hello");
        BOOST_TEST(answer.header("Content-Type") == "application/json");
        BOOST_TEST(answer.header("Content-Length") == "5");
        BOOST_TEST(answer.header("X-Openstack-Request-Id").starts_with("req-"));
        BOOST_TEST(answer.header("Date").ends_with(" GMT"));
        BOOST_TEST(answer.header("Connection").empty());
        BOOST_TEST(answer.header("Keep-Alive").empty());
    }
    BOOST_TEST(logged(2).sent == 5);
}

BOOST_AUTO_TEST_CASE(errors_are_json_and_keep_the_connection) {
    Client client(start());
    check_error(client.ask(get("/nothing")), 404);
    check_error(client.ask(get("/throws")), 500);
    const Answer wrong = client.ask("DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
    check_error(wrong, 405);
    BOOST_TEST(wrong.header("Allow") == "GET, HEAD");
    check_error(client.ask("GET /hello HTTP/1.1\r\nHost: evil\r\n\r\n"), 421);
    check_error(client.ask(post("/hello/%zz", "Content-Length: 0\r\n")), 400);
    check_error(client.ask(get("/hello?a=%zz")), 400);
    check_error(client.ask(get("/hello", "Content-Length: 2\r\n") + "xx"), 400);
    BOOST_TEST(client.ask(get("/hello")).status == 200);
    BOOST_TEST(logged(1).error == "inner secret");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_body_has_no_length_or_type) {
    Client client(start());
    const Answer answer = client.ask(get("/empty"));
    BOOST_TEST(answer.status == 204);
    BOOST_TEST(answer.header("Content-Length").empty());
    BOOST_TEST(answer.header("Content-Type").empty());
    BOOST_TEST(client.ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(head_is_get_without_the_body) {
    Client client(start());
    client.send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST(client.read_answer(true).header("Content-Length") == std::to_string(3 << 20));
    client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const Answer answer = client.read_answer(true);
    BOOST_TEST(answer.header("Content-Length") == "5");
    BOOST_TEST(answer.header("Accept-Ranges").empty());
    client.send("HEAD /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST(client.read_answer(true).status == 404);
    BOOST_TEST(client.ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_all_answered_in_order) {
    Client client(start());
    client.send(get("/hello") + get("/nothing") + post("/json", "Content-Length: 2\r\n", "ab") + get("/peer"));
    BOOST_TEST(client.read_answer().body == "hello");
    BOOST_TEST(client.read_answer().status == 404);
    BOOST_TEST(client.read_answer().body == "ab");
    BOOST_TEST(client.read_answer().body == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(close_and_http_1_0_are_honoured) {
    start();
    Client closing(port);
    BOOST_TEST(closing.ask(get("/hello", "Connection: close\r\n")).header("Connection") == "close");
    BOOST_TEST(closing.read_to_end().empty());
    Client old(port);
    BOOST_TEST(old.ask("GET /hello HTTP/1.0\r\n\r\n").body == "hello");
    BOOST_TEST(old.read_to_end().empty());
    Client kept(port);
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(kept.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection") ==
                   "keep-alive");
}

BOOST_AUTO_TEST_CASE(a_half_closed_client_still_gets_its_answer) {
    Client client(start());
    client.send(get("/hello"));
    client.end_sending();
    BOOST_TEST(client.read_answer().body == "hello");
}

BOOST_AUTO_TEST_CASE(a_post_without_any_length_is_answered_at_once) {
    Client client(start());
    BOOST_TEST(client.ask(post("/action", "")).body == "done");
    BOOST_TEST(client.ask(post("/json", "")).body.empty());
    BOOST_TEST(client.ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(headers_arrive_as_they_were_sent) {
    Client client(start());
    BOOST_TEST(client.ask(get("/header", "X-Test: a%0d%0ab%41\r\n")).body == "a%0d%0ab%41");
    const Answer answer = client.ask(get("/peer", "REMOTE_ADDR: 6.6.6.6\r\nX-Forwarded-For: 6.6.6.6\r\n"));
    BOOST_TEST(answer.body == "127.0.0.1");
    // Headers that cpp-httplib would handle by itself.
    for (const char* header : {"Range: bytes=0-1\r\n", "Range: bytes=x\r\n", "Accept: ;;;q=x\r\n",
                               "Upgrade: websocket\r\nConnection: Upgrade\r\n", "Expect: 100-continue\r\n"})
        BOOST_TEST(client.ask(get("/hello", header)).body == "hello", header);
}

BOOST_AUTO_TEST_CASE(a_header_of_a_handler_cannot_split_the_answer) {
    Client client(start());
    const Answer answer = client.ask(get("/split"));
    check_error(answer, 500);
    BOOST_TEST(answer.header("X-Injected").empty());
    BOOST_TEST(!logged(0).error.empty());
}

BOOST_AUTO_TEST_CASE(headers_of_a_handler_that_fails_stay_but_for_those_of_its_body) {
    Client client(start());
    const Answer answer = client.ask(get("/late-error"));
    check_error(answer, 410);
    BOOST_TEST(answer.header("Tus.Resumable") == "1.0.0");
    BOOST_TEST(answer.header("Content-Range").empty());
    check_error(client.ask(get("/throws-a-number")), 500);
    BOOST_TEST(!logged(1).error.empty());
}

BOOST_AUTO_TEST_CASE(a_streamed_answer_is_whole_or_broken) {
    start();
    Client client(port);
    BOOST_TEST(client.ask(get("/stream")).body == std::string(3 << 20, 'x'));
    BOOST_TEST(client.ask(get("/hello")).body == "hello");
    for (const auto& [path, bytes] : {std::pair("/short", 50), std::pair("/long", 100)}) {
        Client other(port);
        other.send(get(path));
        const std::string all = other.read_to_end();
        BOOST_TEST(all.size() - all.find("\r\n\r\n") - 4 == static_cast<std::size_t>(bytes), path);
    }
    BOOST_TEST(!logged(2).error.empty());
    BOOST_TEST(!logged(3).error.empty());
}

BOOST_AUTO_TEST_CASE(what_an_answer_holds_is_let_go_with_its_end) {
    Client client(start());
    BOOST_TEST(client.ask(get("/held", "Connection: close\r\n")).body == "x");
    BOOST_TEST(client.read_to_end().empty());
    logged(0);
    BOOST_TEST(held.expired());
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_ends_its_download) {
    start();
    {
        Client client(port);
        client.send(get("/endless"));
        wait_for_transfer();
    }
    BOOST_TEST(logged(0).path == "/endless");
    BOOST_TEST(!logged(0).error.empty());
}

BOOST_AUTO_TEST_CASE(a_file_of_the_admin_socket_is_for_its_owner_alone) {
    const auto path = (std::filesystem::temp_directory_path() / new_uuid()).string();
    http::Server server(options, router, {}, {});
    server.listen_unix(path);
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600u);
    server.start();
    Client client(path);
    BOOST_TEST(client.ask(get("/peer")).body == "unix");
    http::Server second(options, router, {}, {});
    BOOST_CHECK_THROW(second.listen_unix(path), Error);
    server.stop();
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_socket_that_a_dead_process_left_is_replaced) {
    const auto path = (std::filesystem::temp_directory_path() / new_uuid()).string();
    {
        const FileDescriptor dead(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        BOOST_REQUIRE(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    http::Server server(options, router, {}, {});
    server.listen_unix(path);
    server.start();
    BOOST_TEST(Client(path).ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_refused_with_advice) {
    start();
    http::Server second(options, router, {}, {});
    BOOST_CHECK_EXCEPTION(second.listen_tcp("127.0.0.1", port), Error, [this](const Error& error) {
        const std::string wanted = "cannot listen on 127.0.0.1:" + std::to_string(port) + ": address already in use; ";
        return error.kind() == ErrorKind::unavailable && std::string(error.what()).starts_with(wanted);
    });
    BOOST_CHECK_THROW(second.listen_tcp("not an address", 1), Error);
    BOOST_CHECK_THROW(second.listen_tcp("192.0.2.1", 0), Error);
}

BOOST_AUTO_TEST_CASE(ipv6_and_both_families_are_served) {
    http::Server server(options, router, {}, {});
    const std::uint16_t both = server.listen_tcp("[::]", 0);
    server.start();
    BOOST_TEST(Client(both).ask(get("/peer")).body == "127.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()
