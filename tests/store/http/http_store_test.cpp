#include "store/http/http_store.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>

#include "base/error.hpp"
#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"
#include "tests/net/fake_server.hpp"

namespace reprieve::store {
BOOST_AUTO_TEST_SUITE(http_store)

namespace {

using tests::answer_of;
using tests::error_of;
using tests::FakeServer;

const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";

StoreConfig config_for(const FakeServer& server) {
    StoreConfig config;
    config.type = "http";
    config.allowed_addresses = {"127.0.0.1"};
    config.allowed_ports = {std::to_string(server.port())};
    config.timeout_us = tests::hang_limit_us;
    return config;
}

std::string header_of(const std::string& request, const std::string& name) {
    const std::size_t at = request.find(name + ": ");
    if (at == std::string::npos) return "";
    return request.substr(at + name.size() + 2, request.find('\r', at) - at - name.size() - 2);
}

/// Returns the answer to a request with a Range such as "bytes=3-", from a server that supports ranges.
std::string part_of(const std::string& bytes, const std::string& request, const std::string& headers = {}) {
    const std::string range = header_of(request, "Range").substr(6);
    const std::size_t first = std::stoul(range);
    const std::string last_text = range.substr(range.find('-') + 1);
    const std::size_t last = last_text.empty() ? bytes.size() - 1 : std::stoul(last_text);
    if (first >= bytes.size())
        return answer_of("416 Range Not Satisfiable", "",
                         "Content-Range: bytes */" + std::to_string(bytes.size()) + "\r\n");
    return answer_of("206 Partial Content", bytes.substr(first, last - first + 1),
                     headers + "Content-Range: bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
                         std::to_string(bytes.size()) + "\r\n");
}

std::string read(Reader& reader, std::uint64_t offset, std::size_t count) {
    std::string out(count, '\0');
    out.resize(reader.read(offset, std::as_writable_bytes(std::span(out))));
    return out;
}

/// Reads an image from `offset` on. Its server answers the first request with `first`, and all others with `then`.
std::string read_behind(const FakeServer::Answer& first, const FakeServer::Answer& then, std::uint64_t offset = 0) {
    std::atomic<int> asked = 0;
    FakeServer server([&](const std::string& request) { return asked++ == 0 ? first(request) : then(request); });
    HttpStore store(config_for(server));
    return read(*store.open(server.url() + "/image"), offset, text.size());
}

std::string good(const std::string& request) { return part_of(text, request); }

std::string refusal_behind(const FakeServer::Answer& first, const FakeServer::Answer& then = good,
                           std::uint64_t offset = 0) {
    return error_of(ErrorKind::unavailable, [&] { read_behind(first, then, offset); });
}

FakeServer::Answer fixed(const std::string& answer) {
    return [answer](const std::string&) { return answer; };
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_image_is_read_whole_and_in_parts) {
    FakeServer server(good);
    HttpStore store(config_for(server));
    const auto reader = store.open(server.url() + "/image");
    BOOST_TEST(reader->size() == text.size());
    BOOST_TEST(read(*reader, 0, 10) == text.substr(0, 10));
    BOOST_TEST(read(*reader, 10, 100) == text.substr(10));
    BOOST_TEST(server.connections() == 2U);  // one by open(), one for both reads
    BOOST_TEST(read(*reader, 5, 3) == text.substr(5, 3));
    BOOST_TEST(read(*reader, text.size(), 3) == "");
    BOOST_TEST(store.stat(server.url() + "/image").size == text.size());
}

BOOST_AUTO_TEST_CASE(an_empty_image_is_read) {
    FakeServer server([](const std::string& request) { return part_of("", request); });
    HttpStore store(config_for(server));
    const auto reader = store.open(server.url());
    BOOST_TEST(reader->size() == 0U);
    BOOST_TEST(read(*reader, 0, 3) == "");
}

BOOST_AUTO_TEST_CASE(a_server_that_gives_no_parts_is_read_from_the_beginning_alone) {
    FakeServer server(fixed(answer_of("200 OK", text)));
    HttpStore store(config_for(server));
    const auto reader = store.open(server.url());
    BOOST_TEST(read(*reader, 0, 10) == text.substr(0, 10));
    BOOST_TEST(read(*reader, 10, 100) == text.substr(10));
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(read(*reader, 0, 100) == text);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { read(*reader, 3, 10); }) ==
               "the server sends no parts, only the whole image from the beginning");
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_cut_is_taken_up_again) {
    std::atomic<int> asked = 0;
    FakeServer server([&](const std::string& request) {
        if (++asked != 2) return good(request);
        const std::string answer = part_of(text, request, "Connection: close\r\n");
        return answer.substr(0, answer.size() - 20);
    });
    HttpStore store(config_for(server));
    const auto reader = store.open(server.url());
    BOOST_TEST(read(*reader, 0, 5) == text.substr(0, 5));
    BOOST_TEST(read(*reader, 5, 100) == text.substr(5));
    BOOST_TEST(asked == 3);
}

BOOST_AUTO_TEST_CASE(a_server_that_lies_about_the_length_is_refused) {
    BOOST_TEST(refusal_behind(fixed(answer_of("206 Partial Content", "0", "Content-Range: bytes 0-0/*\r\n"))) ==
               "the server sends an invalid Content-Range");
    BOOST_TEST(refusal_behind(fixed(answer_of("206 Partial Content", "0", ""))) == "the server sends no Content-Range");
    BOOST_TEST(refusal_behind(fixed(answer_of("206 Partial Content", "0", "Content-Range: bytes 5-4/9\r\n"))) ==
               "the server sends an impossible Content-Range");
    BOOST_TEST(refusal_behind(fixed(answer_of("206 Partial Content", text, "Content-Range: bytes 0-35/36\r\n"))) ==
               "the server sends another part than requested");
    BOOST_TEST(refusal_behind(fixed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + text)) ==
               "the server does not say how long the image is");
    BOOST_TEST(refusal_behind(good, [](const std::string& r) { return part_of(text + "more", r); }) ==
               "the image has another length than at first");
    BOOST_TEST(refusal_behind(good, fixed(answer_of("200 OK", text + "more"))) ==
               "the image has another length than at first");
    BOOST_TEST(refusal_behind(good, fixed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + text + "more")) ==
               "the server sends more than it announced");
    BOOST_TEST(refusal_behind(good, fixed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + text.substr(0, 9))) ==
               "the server sends everything instead of the requested part");  // the store had asked only for the rest
    BOOST_TEST(refusal_behind(good, fixed(answer_of("206 Partial Content", text.substr(0, 30),
                                                    "Content-Range: bytes 0-35/36\r\n"))) ==
               "the server announces two different lengths");
}

BOOST_AUTO_TEST_CASE(a_server_that_gives_another_part_is_refused) {
    BOOST_TEST(refusal_behind(good, fixed(answer_of("200 OK", text)), 3) ==
               "the server sends everything instead of the requested part");
    BOOST_TEST(refusal_behind(good, fixed(answer_of("206 Partial Content", text, "Content-Range: bytes 0-35/36\r\n")),
                              3) == "the server sends another part than requested");
    BOOST_TEST(read_behind(good, good, 3) == text.substr(3));
}

BOOST_AUTO_TEST_CASE(an_image_that_is_replaced_meanwhile_is_refused) {
    const auto tagged = [](const std::string& tag) {
        return [tag](const std::string& request) { return part_of(text, request, "ETag: " + tag + "\r\n"); };
    };
    BOOST_TEST(read_behind(tagged("\"a\""), tagged("\"a\"")) == text);
    BOOST_TEST(refusal_behind(tagged("\"a\""), tagged("\"b\"")) == "the image was replaced while it was read");
    BOOST_TEST(read_behind(tagged("W/\"a\""), tagged("W/\"b\"")) == text);
    BOOST_TEST(refusal_behind(good, fixed(answer_of("200 OK", text, "Content-Encoding: gzip\r\n"))) ==
               "the server sends the image compressed, although that was not requested");
}

BOOST_AUTO_TEST_CASE(a_status_says_what_it_is) {
    BOOST_TEST(error_of(ErrorKind::not_found, [] { read_behind(fixed(answer_of("404 Not Found", "secret")), good); }) ==
               "the server answers 404: it has nothing at this URL");
    BOOST_TEST(refusal_behind(fixed(answer_of("403 Forbidden", "secret"))) == "the server answers 403");
    BOOST_TEST(refusal_behind(good, fixed(answer_of("500 Oops", "secret"))) == "the server answers 500");
}

BOOST_AUTO_TEST_CASE(a_server_that_drips_is_given_up) {
    FakeServer server(fixed("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), 0, "x");
    StoreConfig config = config_for(server);
    config.timeout_us = 1'000'000;
    config.min_rate = 1 << 20;
    HttpStore store(config);
    std::unique_ptr<Reader> reader;
    for (int tries = 1; !reader && tries <= 50; ++tries) try {
            reader = store.open(server.url());
        } catch (const Error& error) {
            BOOST_TEST_REQUIRE((error.kind() == ErrorKind::unavailable), error.what());  // busy machine: timeout
        }
    BOOST_TEST_REQUIRE(reader != nullptr);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { read(*reader, 0, 100000); }) == "no answer in time");
}

BOOST_AUTO_TEST_CASE(addresses_are_checked_and_nothing_is_written) {
    FakeServer server(good);
    StoreConfig config = config_for(server);
    config.allowed_addresses = {};
    HttpStore store(config);
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { store.open(server.url()); }) ==
               "its address is in a network that is not allowed");
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(store.is_read_only());
    BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { store.uri_for("x"); }));
    BOOST_TEST(tests::throws(ErrorKind::bad_request, [&] { store.create("x", {}); }));
    BOOST_TEST(!store.remove(server.url()).has_value());
    BOOST_TEST(store.takes_location("https://example.org/x"));
    BOOST_TEST(!store.takes_location("file:///etc/passwd"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve::store
