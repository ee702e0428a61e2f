#include "http/wire/event_stream.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "tests/hang_limit.hpp"
#include "tests/http/certificate_files.hpp"
#include "tests/http/server_fixture.hpp"

using namespace reprieve;
using tests::Answer;
using tests::Client;
using tests::get;

namespace {

/// Server whose GET /events opens a stream of events, which the test then controls by stream().
struct Fixture : tests::CertificateFiles, tests::ServerFixture {
    Fixture() {
        router.add({"GET", "/events", http::BodyRule::none, [this](http::Request&, http::Response& out) {
                        out.content_type = "text/event-stream";
                        out.stream = std::make_shared<http::EventStream>();
                        out.stream->send("first;");
                        const std::lock_guard lock(mutex);
                        streams.push_back(out.stream);
                    }});
        router.add({"GET", "/refused", http::BodyRule::none, [this](http::Request&, http::Response& out) {
                        out.stream = std::make_shared<http::EventStream>();
                        {
                            const std::lock_guard lock(mutex);
                            streams.push_back(out.stream);
                        }
                        throw Error(ErrorKind::conflict, "Not now.");
                    }});
    }

    http::EventStream& stream(std::size_t n = 0) {
        const std::lock_guard lock(mutex);
        return *streams.at(n);
    }

    /// Opens a stream. Returns its client, which has already received the first event.
    std::unique_ptr<Client> listen(bool is_tls = false, int receive_buffer = 0) {
        auto client = std::make_unique<Client>(port, receive_buffer);
        if (is_tls) client->start_tls();
        head = client->ask(get("/events"));
        client->read_until("first;");
        return client;
    }

    /// Blocks until the server has noticed the end of stream `n`, at most for hang_limit. Returns whether it has.
    bool is_over(std::size_t n = 0) {
        const auto end = std::chrono::steady_clock::now() + tests::hang_limit;
        while (stream(n).is_open() && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return !stream(n).is_open();
    }

    std::mutex mutex;
    std::vector<std::shared_ptr<http::EventStream>> streams;
    Answer head;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_stream, Fixture)

BOOST_AUTO_TEST_CASE(an_answer_goes_on_after_its_handler_and_ends_when_it_is_told_to) {
    start();
    const auto client = listen();
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.header("Content-Type") == "text/event-stream");
    BOOST_TEST(head.header("Content-Length").empty());
    BOOST_TEST(head.header("Connection") == "close");
    for (int i = 0; i < 100; ++i) {
        stream().send(std::to_string(i) + ";");
        client->read_until(std::to_string(i) + ";");
    }
    stream().send("last");
    client->read_until("last");
    stream().end();
    BOOST_TEST(client->read_to_end().empty());
    BOOST_TEST(!stream().is_open());
}

BOOST_AUTO_TEST_CASE(it_goes_over_tls_too) {
    tls = std::make_shared<http::TlsContext>(certificate, key);
    start();
    const auto client = listen(true);
    stream().send("secret");
    client->read_until("secret");
    stream().end();
    BOOST_TEST(client->read_to_end().empty());
    BOOST_TEST(client->is_ended_cleanly);
}

BOOST_AUTO_TEST_CASE(many_take_no_worker_from_others) {
    options.max_workers = 1;
    start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 100; ++i) clients.push_back(listen());
    Client other(port);
    BOOST_TEST(other.ask(get("/hello")).body == "hello");
    for (std::size_t i = 0; i < clients.size(); ++i) stream(i).send("news of " + std::to_string(i) + ";");
    for (std::size_t i = 0; i < clients.size(); ++i) clients[i]->read_until("news of " + std::to_string(i) + ";");
}

BOOST_AUTO_TEST_CASE(that_a_client_has_gone_is_noticed) {
    start();
    listen().reset();
    BOOST_TEST(is_over(0));
    const auto half = listen();
    half->end_sending();
    BOOST_TEST(is_over(1));
}

BOOST_AUTO_TEST_CASE(who_does_not_read_loses_the_connection_and_keeps_nobody_waiting) {
    start();
    const auto deaf = listen(false, 2048);
    const auto keen = listen();
    const std::string news(1000, 'n');
    int told = 0;
    for (; told < 10'000 && stream(0).is_open(); ++told) {
        stream(0).send(news);
        stream(1).send(news);
        keen->read_until(news);
    }
    BOOST_TEST(told < 10'000);
    BOOST_TEST(stream(1).is_open());
    BOOST_TEST(is_over(0));
}

BOOST_AUTO_TEST_CASE(what_a_client_still_says_is_ignored_up_to_a_bound) {
    start();
    const auto client = listen();
    client->send("\r\n\r\n" + get("/hello"));
    stream().send("news;");
    client->read_until("news;");
    client->send(std::string(8000, 'x'));
    BOOST_TEST(is_over());
}

BOOST_AUTO_TEST_CASE(a_request_for_the_head_alone_opens_none) {
    start();
    Client client(port);
    client.send("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST(client.read_answer(true).status == 200);
    BOOST_TEST(client.read_to_end().empty());
    BOOST_TEST(is_over());
}

BOOST_AUTO_TEST_CASE(one_of_a_handler_that_fails_is_over) {
    start();
    Client client(port);
    BOOST_TEST(client.ask(get("/refused")).status == 409);
    BOOST_TEST(is_over());
}

BOOST_AUTO_TEST_CASE(a_stop_ends_them_at_once) {
    options.shutdown_timeout_us = 2 * tests::hang_limit_us;
    start();
    const auto client = listen();
    const auto begin = std::chrono::steady_clock::now();
    server().stop();
    BOOST_TEST((std::chrono::steady_clock::now() - begin < tests::hang_limit));
    BOOST_TEST(client->read_to_end().empty());
    BOOST_TEST(!stream().is_open());
    stream().send("too late");
    stream().end();
}

BOOST_AUTO_TEST_CASE(one_that_ends_before_its_head_is_sent_ends_the_connection) {
    router.add({"GET", "/over", http::BodyRule::none, [](http::Request&, http::Response& out) {
                    out.stream = std::make_shared<http::EventStream>();
                    out.stream->end();
                }});
    Client client(start());
    BOOST_TEST(client.ask(get("/over")).status == 200);
    BOOST_TEST(client.read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(many_threads_say_something_while_clients_come_and_go) {
    start();
    std::atomic<bool> stops = false;
    std::thread talker([&] {
        while (!stops) {
            std::vector<std::shared_ptr<http::EventStream>> all;
            {
                const std::lock_guard lock(mutex);
                all = streams;
            }
            for (std::size_t i = 0; i < all.size(); ++i) i % 7 == 3 ? all[i]->end() : all[i]->send("x");
        }
    });
    for (int i = 0; i < 100; ++i) {
        Client client(port);
        client.send(get("/events"));
        if (i % 2 == 0) client.read_answer();
    }
    stops = true;
    talker.join();
    server().stop();
    for (std::size_t i = 0; i < streams.size(); ++i) BOOST_TEST(is_over(i));
}

BOOST_AUTO_TEST_SUITE_END()
