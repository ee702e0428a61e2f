#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/hang_limit.hpp"
#include "tests/http/certificate_files.hpp"
#include "tests/http/server_fixture.hpp"

using namespace reprieve;
using tests::Client;
using tests::get;
using tests::post;

namespace {

struct SecureServer : tests::CertificateFiles, tests::ServerFixture {
    SecureServer() {
        tls = std::make_shared<http::TlsContext>(certificate, key);
        options.header_timeout_us = 2 * tests::hang_limit_us;  // no client waits that long
        start();
    }

    /// Restarts the server with this limit for a handshake, in microseconds.
    void restart(std::int64_t header_timeout_us) {
        server().stop();
        options.header_timeout_us = header_timeout_us;
        start();
    }

    /// Returns a client after its handshake. `version` as in Client::start_tls().
    std::unique_ptr<Client> secure(int version = 0) const {
        auto client = std::make_unique<Client>(port);
        if (!client->start_tls(version)) throw std::runtime_error("no handshake");
        return client;
    }

    /// Returns connected clients that have sent no bytes, or only a part of a handshake.
    std::vector<std::unique_ptr<Client>> half_handshakes(int count) const {
        std::vector<std::unique_ptr<Client>> halves;
        for (int i = 0; i < count; ++i) {
            halves.push_back(std::make_unique<Client>(port));
            if (i % 2 == 0) halves.back()->send(std::string("\x16\x03\x01\x02\x00\x01", 6));
        }
        return halves;
    }

    static std::string fingerprint(const Client& client) {
        X509* const certificate_seen = SSL_get1_peer_certificate(client.tls());
        std::string text = certificate_fingerprint(certificate_seen);
        X509_free(certificate_seen);
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls_server, SecureServer)

BOOST_AUTO_TEST_CASE(requests_are_answered_over_both_versions) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto client = secure(version);
        BOOST_TEST(SSL_version(client->tls()) == version);
        BOOST_TEST(client->ask(get("/hello")).body == "hello");
        BOOST_TEST(client->ask(get("/address")).body == "https://localhost");
        BOOST_TEST(client->ask(post("/json", "Content-Length: 5\r\n", "12345")).body == "12345");
    }
}

BOOST_AUTO_TEST_CASE(older_versions_are_refused) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        Client client(port);
        BOOST_TEST(!client.start_tls(version));
    }
    BOOST_TEST(secure()->ask(get("/hello")).status == 200);
}

BOOST_AUTO_TEST_CASE(requests_sent_at_once_are_answered_in_order) {
    const auto client = secure();
    std::string all;
    for (int i = 0; i < 200; ++i) all += get("/header", "X-Test: " + std::to_string(i) + "\r\n");
    client->send(all);
    for (int i = 0; i < 200; ++i) BOOST_TEST(client->read_answer().body == std::to_string(i));
}

BOOST_AUTO_TEST_CASE(a_request_in_the_record_of_a_body_s_end_is_answered) {
    const auto client = secure();
    const std::string body(300'000, 'b');
    client->send(
        "PUT /count HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body + get("/hello"));
    BOOST_TEST(client->read_answer().body == "300000 29400000");
    BOOST_TEST(client->read_answer().body == "hello");
}

BOOST_AUTO_TEST_CASE(a_large_answer_comes_whole) {
    const auto client = secure();
    BOOST_TEST(client->ask(get("/stream")).body.size() == std::size_t{3 << 20});
    BOOST_TEST(client->ask(get("/large")).body == std::string(16 << 20, 'x'));
}

BOOST_AUTO_TEST_CASE(the_server_says_that_it_ends) {
    const auto client = secure();
    client->ask(get("/hello", "Connection: close\r\n"));
    client->read_to_end();
    BOOST_TEST(client->is_ended_cleanly);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_short_has_no_clean_end) {
    const auto client = secure();
    client->send(get("/short"));
    client->read_to_end();
    BOOST_TEST(!client->is_ended_cleanly);
}

BOOST_AUTO_TEST_CASE(plain_http_is_told_to_speak_https) {
    Client client(port);
    const auto answer = client.ask(get("/hello"));
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.body.find("https") != std::string::npos);
    BOOST_TEST(client.read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_handshake_ends_the_connection) {
    for (const std::string& bytes : {std::string(1, '\0'), std::string("\x16\x03\x01\xff\xff garbage"),
                                     std::string("\x16\x03\x01\x00\x05hello", 10), std::string(70'000, '\x16')}) {
        Client client(port);
        client.send(bytes);
        client.end_sending();
        client.read_to_end();
    }
    BOOST_TEST(secure()->ask(get("/hello")).status == 200);
}

BOOST_AUTO_TEST_CASE(handshakes_that_stop_halfway_hold_up_nobody) {
    const auto halves = half_handshakes(200);
    BOOST_TEST(secure()->ask(get("/hello")).status == 200);
}

BOOST_AUTO_TEST_CASE(handshakes_that_stop_halfway_end_in_time) {
    restart(400'000);
    for (const auto& half : half_handshakes(20)) BOOST_TEST(half->read_to_end().size() < 100U);
}

BOOST_AUTO_TEST_CASE(a_new_certificate_is_for_new_connections) {
    const auto before = secure();
    const std::string first = made.fingerprint;
    BOOST_TEST(fingerprint(*before) == first);
    renew();
    tls->reload();
    const auto after = secure();
    BOOST_TEST(fingerprint(*after) == made.fingerprint);
    BOOST_TEST(made.fingerprint != first);
    BOOST_TEST(before->ask(get("/hello")).status == 200);
    BOOST_TEST(after->ask(get("/hello")).status == 200);
}

BOOST_AUTO_TEST_CASE(many_threads_shake_hands_while_the_certificate_changes) {
    std::vector<std::thread> threads;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n)
                if (secure()->ask(get("/hello")).status == 200) ++answered;
        });
    for (int n = 0; n < 10; ++n) {
        renew();
        tls->reload();
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(answered == 40);
}

BOOST_AUTO_TEST_CASE(a_refusal_for_too_many_connections_can_be_read) {
    std::vector<std::unique_ptr<Client>> endless;
    server().stop();
    options.max_connections = 2;
    start();
    for (int i = 0; i < 2; ++i) {
        endless.push_back(secure());
        endless.back()->send(get("/endless"));
        endless.back()->sip();
    }
    const auto client = secure();
    BOOST_TEST(client->read_answer().status == 503);
}

BOOST_AUTO_TEST_SUITE_END()
