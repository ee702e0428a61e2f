#include "http/body_reader.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <random>

#include "base/error.hpp"
#include "tests/http/mangled.hpp"

using namespace reprieve;
using namespace reprieve::http;

BOOST_AUTO_TEST_SUITE(body_reader)

namespace {

/// Channel in memory that returns at most `step` bytes a call, and keeps what is sent.
class FakeChannel final : public ByteChannel {
public:
    explicit FakeChannel(std::string bytes, std::size_t step = SIZE_MAX) : bytes_(std::move(bytes)), step_(step) {}

    std::size_t receive(std::span<std::byte> out) override {
        const std::size_t count = std::min({out.size(), step_, bytes_.size()});
        std::memcpy(out.data(), bytes_.data(), count);
        bytes_.erase(0, count);
        return count;
    }
    void send(std::span<const std::byte> bytes) override {
        sent.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    void start_deadline() override { has_deadline = true; }
    std::function<void()> interrupter() override {
        return [this] { bytes_.clear(); };
    }

    std::string sent;
    bool has_deadline = false;

private:
    std::string bytes_;
    std::size_t step_;
};

RequestHead declared(std::uint64_t length) {
    RequestHead head;
    head.content_length = length;
    return head;
}
RequestHead chunked() {
    RequestHead head;
    head.is_chunked = true;
    return head;
}

std::string read_all(Body& body, std::size_t span_bytes = 100) {
    std::string all;
    std::string part(span_bytes, '\0');
    while (const std::size_t count = body.read(std::as_writable_bytes(std::span(part)))) all.append(part, 0, count);
    return all;
}

std::string decode(const std::string& bytes, std::size_t buffered = 0, std::size_t step = SIZE_MAX) {
    InputBuffer buffer;
    buffer.append(std::string_view(bytes).substr(0, buffered));
    FakeChannel channel(bytes.substr(std::min(buffered, bytes.size())), step);
    BodyReader body(chunked(), buffer, channel);
    std::string all = read_all(body, 3);
    BOOST_TEST(body.skippable().value() == 0U);
    return all;
}

auto fails_with(ErrorKind kind) {
    return [kind](const Error& error) { return error.kind() == kind; };
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_declared_body_ends_at_its_length_and_leaves_the_rest) {
    InputBuffer buffer;
    buffer.append(std::string_view("abcdeGET /"));
    FakeChannel channel("x");
    BodyReader body(declared(5), buffer, channel);
    BOOST_TEST(body.length().value() == 5);
    BOOST_TEST(read_all(body) == "abcde");
    BOOST_TEST(buffer.view() == "GET /");
    BOOST_TEST(body.skippable().value() == 0U);
}

BOOST_AUTO_TEST_CASE(a_read_fills_the_span_from_buffer_and_channel) {
    InputBuffer buffer;
    buffer.append(std::string_view("ab"));
    FakeChannel channel("cdefgh", 1);
    BodyReader body(declared(7), buffer, channel);
    std::string out(5, '\0');
    BOOST_TEST(body.read(std::as_writable_bytes(std::span(out))) == 5);
    BOOST_TEST(out == "abcde");
    BOOST_TEST(body.skippable().value() == 2);
    BOOST_TEST(body.read(std::as_writable_bytes(std::span(out))) == 2);
    BOOST_TEST(body.read(std::as_writable_bytes(std::span(out))) == 0);
}

BOOST_AUTO_TEST_CASE(neither_length_nor_chunks_is_an_empty_body) {
    InputBuffer buffer;
    FakeChannel channel("never read");
    BodyReader body(RequestHead{}, buffer, channel);
    BOOST_TEST(body.length().value() == 0);
    BOOST_TEST(read_all(body).empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_early_says_so_every_time) {
    InputBuffer buffer;
    FakeChannel channel("ab");
    BodyReader body(declared(5), buffer, channel);
    BOOST_CHECK_EXCEPTION(read_all(body), Error, fails_with(ErrorKind::disconnected));
    BOOST_CHECK_EXCEPTION(read_all(body), Error, fails_with(ErrorKind::disconnected));
    BOOST_TEST(!body.skippable().has_value());
}

BOOST_AUTO_TEST_CASE(chunks_are_joined_however_they_are_cut) {
    const std::string bytes = "3\r\nabc\r\n00a;name=value\r\n0123456789\r\n1 ;x\r\nz\r\n0\r\nTrailer: t\r\n\r\n";
    for (std::size_t buffered = 0; buffered <= bytes.size(); ++buffered)
        for (const std::size_t step : {1, 2, 7, 1000})
            BOOST_TEST(decode(bytes, buffered, static_cast<std::size_t>(step)) == "abc0123456789z");
    BOOST_TEST(decode("0\r\n\r\n").empty());
}

BOOST_AUTO_TEST_CASE(what_follows_the_chunks_is_kept) {
    InputBuffer buffer;
    FakeChannel channel("2\r\nab\r\n0\r\n\r\nGET / HTTP/1.1");
    BodyReader body(chunked(), buffer, channel);
    BOOST_TEST(!body.length().has_value());
    BOOST_TEST(read_all(body) == "ab");
    BOOST_TEST(buffer.view() == "GET / HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(malformed_chunks_are_refused) {
    for (const char* bytes :
         {"\r\n", "x\r\n", "-1\r\n", "0x3\r\nabc\r\n", "+3\r\nabc\r\n", " 3\r\nabc\r\n", "3\nabc\r\n", "3\r\nabcd\r\n",
          "3\r\nabc\n0\r\n\r\n", "3 4\r\nabc\r\n", "ffffffffffffffff\r\n", "0000000000000000003\r\nabc\r\n", "0\r\n\n"})
        BOOST_CHECK_EXCEPTION(decode(bytes), Error, fails_with(ErrorKind::bad_request));
    BOOST_CHECK_EXCEPTION(decode("3;" + std::string(300, 'x') + "\r\nabc\r\n"), Error,
                          fails_with(ErrorKind::bad_request));
    std::string trailers = "0\r\n";
    for (int i = 0; i < 100; ++i) trailers += "A: b\r\n";
    BOOST_CHECK_EXCEPTION(decode(trailers + "\r\n"), Error, fails_with(ErrorKind::bad_request));
    for (const char* bytes : {"", "3", "3\r\n", "3\r\nab", "3\r\nabc\r\n", "0\r\n"})
        BOOST_CHECK_EXCEPTION(decode(bytes), Error, fails_with(ErrorKind::disconnected));
}

BOOST_AUTO_TEST_CASE(whatever_bytes_come_chunks_give_data_or_an_error) {
    const std::string model = "3\r\nabc\r\na;x=y\r\n0123456789\r\n0\r\nT: t\r\n\r\nnext";
    const std::string spice = "\r\n0fZ; \t-+x";
    std::minstd_rand random(1);
    for (int i = 0; i < 20'000; ++i) {
        const std::string bytes = tests::mangled(model, spice, 8, random);
        InputBuffer buffer;
        FakeChannel channel(bytes, random() % 9 + 1);
        BodyReader body(chunked(), buffer, channel);
        try {
            BOOST_REQUIRE(read_all(body, 4).size() <= bytes.size());
            BOOST_REQUIRE(body.skippable() == 0U);
        } catch (const Error&) {
            BOOST_REQUIRE(!body.skippable());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_first_read_tells_a_waiting_client_to_go_on) {
    RequestHead head = declared(2);
    head.expects_continue = true;
    InputBuffer buffer;
    FakeChannel channel("ab");
    BodyReader body(head, buffer, channel);
    BOOST_TEST(channel.sent.empty());
    BOOST_TEST(!body.skippable().has_value());
    BOOST_TEST(read_all(body) == "ab");
    BOOST_TEST(channel.sent == "HTTP/1.1 100 Continue\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
