#include <sys/resource.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <list>
#include <thread>

#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"
#include "tests/http/server_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

const std::string octets = "Content-Type: application/octet-stream\r\n";

constexpr std::int64_t ms = 1000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_client, ServerFixture)

BOOST_AUTO_TEST_CASE(idle_and_half_sent_connections_hold_nobody_up) {
    options.max_workers = 4;
    options.header_timeout_us = hang_limit_us;
    start();
    std::list<Client> crowd;
    for (int i = 0; i < 200; ++i) crowd.emplace_back(port).send("GET /hello HTTP/1.1\r\nHo");
    for (int i = 0; i < 800; ++i) crowd.emplace_back(port);
    for (int i = 0; i < 200; ++i) {
        crowd.emplace_back(port).send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
    }
    BOOST_TEST(Client(port).ask(get("/hello")).body == "hello");
    crowd.front().send("st: localhost\r\n\r\n");
    BOOST_TEST(crowd.front().read_answer().body == "hello");
}

BOOST_AUTO_TEST_CASE(a_slow_head_is_cut_though_bytes_keep_coming) {
    options.header_timeout_us = 200 * ms;
    start();
    Client client(port);
    std::string head = get("/hello", "X-Slow: ");
    head.resize(head.size() - 2);
    client.send(head);
    const std::jthread drip([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && client.send("a")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
    BOOST_TEST(client.read_answer().status == 408);
}

BOOST_AUTO_TEST_CASE(a_slow_small_body_is_cut) {
    options.stall_timeout_us = 200 * ms;
    start();
    Client client(port);
    BOOST_TEST(client.ask(post("/json", "Content-Length: 10\r\n", "abc")).status == 408);
    BOOST_TEST(client.read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_read_whole_has_one_deadline_however_it_trickles) {
    options.stall_timeout_us = 200 * ms;
    options.min_transfer_rate = 0;
    options.max_small_body = 10;
    // The slow clients below must not reach these limits before the deadline.
    options.max_request_body = 100'000;
    json_limit = 100'000;
    start();
    Client chunks(port);
    chunks.send(post("/json", "Transfer-Encoding: chunked\r\n"));
    chunks.drip("1\r\nx\r\n");
    BOOST_TEST(chunks.read_answer().status == 408);

    Client declared(port);
    declared.send(post("/json", "Content-Length: 90000\r\n"));
    declared.drip("x");
    BOOST_TEST(declared.read_answer().status == 408);

    for (int tries = 1;; ++tries) {
        Client expectant(port);
        const int first = expectant.ask(post("/json", "Content-Length: 90000\r\nExpect: 100-continue\r\n")).status;
        if (first == 408 && tries < 50) continue;  // on a busy machine the deadline can pass first
        BOOST_TEST(first == 100);
        expectant.drip("x");
        BOOST_TEST(expectant.read_answer().status == 408);
        break;
    }

    Client dropped(port);
    dropped.send(post("/action", "Transfer-Encoding: chunked\r\n"));
    dropped.drip("1\r\nx\r\n");
    BOOST_TEST(dropped.read_answer().status == 408);

    Client trailers(port);
    trailers.send(get("/hello", "Transfer-Encoding: chunked\r\n") + "0\r\nX: ");
    trailers.drip("x");
    BOOST_TEST(trailers.read_answer().status == 408);
}

BOOST_AUTO_TEST_CASE(an_upload_has_no_deadline_as_long_as_it_moves) {
    options.stall_timeout_us = 1000 * ms;
    options.min_transfer_rate = 0;
    start();
    for (int tries = 1;; ++tries) {
        Client client(port);
        client.send("PUT /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.drip("1\r\nx\r\n", 300);
        client.send("0\r\n\r\n");
        const auto answer = client.read_answer();
        if (answer.status == 408 && tries < 50) continue;  // a busy machine can delay this client too long
        BOOST_TEST(answer.body == "300 " + std::to_string(300 * 'x'));
        break;
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_streamed_has_one_deadline_however_it_trickles) {
    options.stall_timeout_us = 400 * ms;
    options.min_transfer_rate = 0;
    Client client(start_with_admin());
    client.send(get("/large"));
    while (!is_logged(0)) client.sip();
    BOOST_TEST(!logged(0).error.empty());
}

BOOST_AUTO_TEST_CASE(an_upload_that_stalls_is_cut) {
    options.stall_timeout_us = 200 * ms;
    start();
    Client client(port);
    client.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n" + octets + "\r\nabc");
    BOOST_TEST(client.read_answer().status == 408);
    BOOST_TEST(client.read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(an_upload_that_trickles_is_cut) {
    options.stall_timeout_us = 200 * ms;
    options.min_transfer_rate = 1 << 20;
    start();
    Client client(port);
    client.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
    const std::jthread drip([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && client.send("a")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
    BOOST_TEST(client.read_answer().status == 408);
}

BOOST_AUTO_TEST_CASE(a_download_that_nobody_reads_is_cut) {
    options.stall_timeout_us = 200 * ms;
    start();
    Client client(port, 4096);
    client.send(get("/endless"));
    BOOST_TEST(!logged(0).error.empty());
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
    options.idle_timeout_us = 100 * ms;
    start();
    Client fresh(port);
    BOOST_TEST(fresh.read_to_end().empty());
    for (int tries = 1;; ++tries) {
        Client used(port);
        used.send(get("/hello"));
        const std::string all = used.read_to_end();
        if (all.empty() && tries < 50) continue;  // on a busy machine it can be closed before the request
        BOOST_TEST(all.ends_with("\r\n\r\nhello"), all);
        break;
    }
}

BOOST_AUTO_TEST_CASE(forged_lengths_are_refused_and_the_connection_closed) {
    start();
    for (const char* headers :
         {"Content-Length: -1\r\n", "Content-Length: abc\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 0x10\r\n",
          "Content-Length: +5\r\n", "Content-Length: 18446744073709551616\r\n",
          "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
          "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"}) {
        Client client(port);
        client.send(post("/action", headers, get("/smuggled")));
        const Answer answer = client.read_answer();
        BOOST_TEST(answer.status == 400, headers);
        BOOST_TEST(answer.header("Connection") == "close", headers);
        BOOST_TEST(client.read_to_end().empty(), headers);
    }
    Client client(port);
    BOOST_TEST(client.ask(post("/action", "Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x")).status == 415);
    logged(10);
    BOOST_TEST(log_size() == 11);
}

BOOST_AUTO_TEST_CASE(a_body_that_comes_late_is_never_run_as_a_request) {
    start();
    const std::string smuggled = get("/smuggled");
    Client client(port);
    client.send(post("/refuse", "Content-Length: " + std::to_string(smuggled.size()) + "\r\nExpect: 100-continue\r\n"));
    BOOST_TEST(client.read_answer().status == 409);
    client.send(smuggled);
    BOOST_TEST(client.read_to_end().empty());

    // Without Expect, the server waits for a small body and discards it.
    Client second(port);
    second.send(post("/refuse", "Content-Length: " + std::to_string(smuggled.size()) + "\r\n"));
    second.send(smuggled + get("/hello"));
    BOOST_TEST(second.read_answer().status == 409);
    BOOST_TEST(second.read_answer().body == "hello");

    // The body is too large to be kept in memory, but small enough to be read and discarded.
    Client third(port);
    const std::string body = smuggled + std::string(65000, 'x');
    third.send(post("/refuse", "Content-Length: " + std::to_string(body.size()) + "\r\nX: 1\r\n"));
    third.send(body + get("/hello"));
    BOOST_TEST(third.read_answer().status == 409);
    BOOST_TEST(third.read_answer().body == "hello");

    Client fourth(port);
    fourth.send(post("/refuse", "Transfer-Encoding: chunked\r\n"));
    BOOST_TEST(fourth.read_answer().status == 409);
    fourth.send(smuggled);
    BOOST_TEST(fourth.read_to_end().empty());
    for (std::size_t i = 0; i < log_size(); ++i) BOOST_TEST(logged(i).path != "/smuggled");
}

BOOST_AUTO_TEST_CASE(a_rest_that_is_skipped_can_come_in_pieces) {
    options.max_small_body = 10;
    start();
    Client client(port);
    BOOST_TEST(client.ask(post("/refuse", octets + "Content-Length: 100\r\n")).status == 409);
    client.send(std::string(40, 'x'));
    client.send(std::string(60, 'x'));
    BOOST_TEST(client.ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(an_early_answer_to_a_large_upload_can_be_read) {
    options.linger_timeout_us = hang_limit_us;
    start();
    Client client(port);
    client.send(post("/refuse", "Content-Length: 20000000\r\n"));
    BOOST_TEST(client.send(std::string(20'000'000, 'x')));
    const Answer answer = client.read_answer();
    BOOST_TEST(answer.status == 409);
    BOOST_TEST(answer.header("Connection") == "close");
    BOOST_TEST(client.read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(a_refused_upload_without_end_is_cut) {
    options.max_linger_bytes = 1 << 20;
    start();
    Client client(port);
    client.send(post("/refuse", "Content-Length: 1000000000000\r\n"));
    const std::string part(1 << 20, 'x');
    std::size_t parts = 0;
    while (parts < 1000 && client.send(part)) ++parts;
    BOOST_TEST(parts < 1000);
}

BOOST_AUTO_TEST_CASE(an_interrupted_upload_is_answered_and_its_client_is_not_left_with_the_rest) {
    options.linger_timeout_us = 2 * hang_limit_us;
    std::promise<void> is_full;
    std::atomic<bool> has_ended = false;
    router.add({"POST", "/interrupted", http::BodyRule::handler, [&](http::Request& in, http::Response&) {
                    is_full.get_future().wait();
                    in.body->interrupter()();
                    std::array<std::byte, 4096> some{};  // takes what arrived before the interruption
                    has_ended = throws(ErrorKind::disconnected, [&] {
                        while (in.body->read(some) > 0) continue;
                    });
                    throw Error(ErrorKind::conflict, "A newer request has its turn.");
                }});
    start();
    Client client(port);
    std::string body(32 << 20, 'x');  // more than fits in the buffers of both sides
    client.send(post("/interrupted", "Content-Length: " + std::to_string(body.size()) + "\r\n"));
    body.erase(0, client.send_what_fits(body));
    is_full.set_value();
    BOOST_TEST(client.send(body));
    BOOST_TEST(client.read_answer().status == 409);
    BOOST_TEST(has_ended.load());
}

BOOST_AUTO_TEST_CASE(uploads_arrive_whole_by_length_by_chunks_and_after_a_go_ahead) {
    Client client(start());
    const std::string body(3'000'000, 'b');
    const std::string expected = "3000000 " + std::to_string(3'000'000ULL * 'b');
    client.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + body);
    BOOST_TEST(client.read_answer().body == expected);

    std::string chunks;
    for (int i = 0; i < 30; ++i) chunks += "186A0\r\n" + std::string(100'000, 'b') + "\r\n";
    client.send("PUT /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    BOOST_TEST(client.read_answer().body == expected);

    client.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read_answer().status == 100);
    client.send(body);
    BOOST_TEST(client.read_answer().body == expected);
    BOOST_TEST(client.ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(a_body_beyond_the_limit_is_refused_also_in_chunks) {
    options.max_request_body = 1000;
    start();
    Client client(port);
    BOOST_TEST(client.ask(post("/json", "Content-Length: 1001\r\n", std::string(1001, 'x'))).status == 413);
    BOOST_TEST(client.ask(post("/json", "Content-Length: 1000\r\n", std::string(1000, 'x'))).body.size() == 1000);
    for (const char* path : {"/json", "/action"}) {
        Client other(port);
        const std::string chunk = "3E9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n";
        BOOST_TEST(other.ask(post(path, "Transfer-Encoding: chunked\r\n", chunk)).status == 413, path);
    }
}

BOOST_AUTO_TEST_CASE(floods_of_headers_are_cut) {
    start();
    Client target(port);
    target.send("GET /" + std::string(100'000, 'a'));
    BOOST_TEST(target.read_answer().status == 414);
    Client large(port);
    large.send(get("/hello", "X: " + std::string(100'000, 'a') + "\r\n"));
    BOOST_TEST(large.read_answer().status == 431);
    std::string many;
    for (int i = 0; i < 200; ++i) many += "X: 1\r\n";
    Client count(port);
    BOOST_TEST(count.ask(get("/hello", many)).status == 431);
    Client garbage(port);
    BOOST_TEST(garbage.ask("\x16\x03\x01\x02\n").status == 400);
}

BOOST_AUTO_TEST_CASE(beyond_the_most_connections_the_oldest_idle_one_makes_room) {
    options.max_connections = 3;
    start();
    // It sends no request, because a connection becomes idle only a moment after its client has the answer.
    Client oldest(port);
    Client second(port);
    BOOST_TEST(second.ask(get("/hello")).status == 200);
    Client third(port);
    BOOST_TEST(third.ask(get("/hello")).status == 200);
    Client fourth(port);
    BOOST_TEST(fourth.ask(get("/hello")).status == 200);
    BOOST_TEST(oldest.read_to_end().empty());
    BOOST_TEST(second.ask(get("/hello")).status == 200);
}

BOOST_AUTO_TEST_CASE(where_all_connections_work_a_new_one_is_told_to_come_back) {
    options.max_connections = 1;
    start();
    Client busy(port);
    busy.send(get("/endless"));
    wait_for_transfer();
    Client refused(port);
    const Answer answer = refused.read_answer();
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.header("Retry-After") == "5");
}

BOOST_AUTO_TEST_CASE(half_sent_bodies_make_room_the_oldest_first) {
    options.max_connections = 4;
    start();
    std::list<Client> crowd;
    for (int i = 0; i < 3; ++i) crowd.emplace_back(port).send(post("/json", "Content-Length: 60000\r\n", "x"));
    Client busy(port);
    busy.send(get("/endless"));
    wait_for_transfer();  // so the server has accepted the crowd by now
    Client client(port);
    BOOST_TEST(client.ask(get("/hello")).status == 200);
    BOOST_TEST(crowd.front().read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(the_admin_socket_gets_in_however_full_the_server_is) {
    options.max_connections = 1;
    const std::string path = start_with_admin();
    Client first(path);
    BOOST_TEST(first.ask(get("/hello")).status == 200);
    Client busy(port);
    busy.send(get("/endless"));
    wait_for_transfer();
    Client second(path);
    BOOST_TEST(second.ask(get("/hello")).status == 200);
    // A connection of the admin socket is not closed to make room for others.
    Client refused(port);
    BOOST_TEST(refused.read_answer().status == 503);
    BOOST_TEST(first.ask(get("/hello")).status == 200);
}

BOOST_AUTO_TEST_CASE(the_admin_socket_is_served_while_all_workers_are_taken) {
    options.max_workers = 1;
    const std::string path = start_with_admin();
    Client busy(port);
    busy.send(get("/endless"));
    wait_for_transfer();
    Client waiting(port);
    waiting.send(get("/hello"));
    Client admin(path);
    for (std::size_t i = 0; i < 5; ++i) {
        BOOST_TEST(admin.ask(get("/peer")).body == "unix");
        BOOST_TEST(logged(i).path == "/peer");  // no other request was served
    }
}

BOOST_AUTO_TEST_CASE(half_sent_requests_share_one_budget_of_memory) {
    options.max_gathered_bytes = 100'000;
    start();
    std::list<Client> crowd;
    for (int i = 0; i < 5; ++i)
        crowd.emplace_back(port).send(post("/json", "Content-Length: 60000\r\n", std::string(59'999, 'x')));
    BOOST_TEST(crowd.front().read_to_end().empty());
    BOOST_TEST(Client(port).ask(get("/hello")).body == "hello");
}

BOOST_AUTO_TEST_CASE(running_out_of_descriptors_neither_spins_nor_kills) {
    start();
    Client before(port);
    BOOST_TEST(before.ask(get("/hello")).status == 200);
    std::list<Client> crowd;
    rlimit old{};
    ::getrlimit(RLIMIT_NOFILE, &old);
    for (int i = 0; i < 20; ++i) crowd.emplace_back(port);
    BOOST_TEST(crowd.back().ask(get("/hello")).status == 200);
    // Take all descriptors of the process except one, which the next client uses.
    std::list<FileDescriptor> fill;
    rlimit small = old;
    small.rlim_cur = 300;
    ::setrlimit(RLIMIT_NOFILE, &small);
    for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) fill.emplace_back(fd);
    fill.pop_back();
    Client late(port);  // takes the last one, so the server must close an idle connection
    const int status = late.ask(get("/hello")).status;
    ::setrlimit(RLIMIT_NOFILE, &old);
    BOOST_TEST(status == 200);
}

BOOST_AUTO_TEST_CASE(more_requests_than_quick_workers_run_at_the_same_time) {
    start();
    std::list<Client> uploads;
    for (int i = 0; i < 20; ++i)
        uploads.emplace_back(port).send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc");
    BOOST_TEST(Client(port).ask(get("/hello")).body == "hello");
    for (Client& client : uploads) {
        client.send(std::string(100'000 - 3, 'x'));
        BOOST_TEST(client.read_answer().status == 200);
    }
}

BOOST_AUTO_TEST_CASE(stop_lets_a_running_upload_finish) {
    options.shutdown_timeout_us = hang_limit_us;
    start();
    Client idle(port);
    idle.ask(get("/hello"));
    Client client(port);
    client.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n" + octets + "\r\nabc");
    wait_for_transfer();
    auto stopped = std::async(std::launch::async, [this] { server().stop(); });
    BOOST_TEST(idle.read_to_end().empty());  // so stop() has begun
    client.send(std::string(100'000 - 3, 'x'));
    const Answer answer = client.read_answer();
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.header("Connection") == "close");
    stopped.get();
    BOOST_CHECK_THROW(Client{port}, std::runtime_error);
    server().stop();
}

BOOST_AUTO_TEST_CASE(stop_cuts_transfers_that_do_not_finish) {
    options.shutdown_timeout_us = 50 * ms;
    start();
    Client upload(port);
    upload.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n" + octets + "\r\nabc");
    wait_for_transfer();
    Client download(port, 4096);
    download.send(get("/endless"));
    server().stop();
    BOOST_TEST(log_size() >= 1);
}

BOOST_AUTO_TEST_CASE(stop_amid_traffic_leaves_every_answer_whole) {
    start();
    std::vector<std::future<int>> clients;
    for (int i = 0; i < 6; ++i)
        clients.push_back(std::async(std::launch::async, [client = Client(port)]() mutable {
            int answers = 0;
            try {
                while (client.ask(get("/hello") + post("/refuse", "Content-Length: 3\r\n", "abc")).body == "hello" &&
                       client.read_answer().status == 409)
                    ++answers;
            } catch (const Closed&) {
                return answers;
            }
            return -1;
        }));
    logged(200);
    server().stop();
    for (auto& client : clients) BOOST_TEST(client.get() >= 0);
}

BOOST_AUTO_TEST_CASE(stop_without_start_does_nothing) {
    http::Server server(options, router, {}, {});
    server.listen_tcp("127.0.0.1", 0);
    server.stop();
    server.stop();
}

BOOST_AUTO_TEST_SUITE_END()
