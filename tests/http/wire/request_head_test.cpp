#include "http/wire/request_head.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "base/error.hpp"
#include "tests/http/mangled.hpp"

using namespace reprieve;
using http::RequestHead;

BOOST_AUTO_TEST_SUITE(request_head)

namespace {

const http::HeadLimits limits{64, 256, 8};

RequestHead parse(const std::string& headers, const std::string& line = "GET /v2/images?limit=1 HTTP/1.1") {
    return http::parse_head(line + "\r\n" + headers + "\r\n", limits);
}
RequestHead with(const std::string& headers) { return parse("Host: h\r\n" + headers); }

auto fails_with(ErrorKind kind) {
    return [kind](const Error& error) { return error.kind() == kind; };
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_head_is_read_as_it_was_sent) {
    const auto head = with("X-Name:  %0d%0aX: 1 \r\nX-Name: two\r\nContent-Length: 12\r\n");
    BOOST_TEST(head.method == "GET");
    BOOST_TEST(head.path == "/v2/images");
    BOOST_TEST(head.query == "limit=1");
    BOOST_TEST(head.headers.at(1).first == "x-name");
    BOOST_TEST(head.headers.at(1).second == "%0d%0aX: 1");
    BOOST_TEST(head.headers.at(2).second == "two");
    BOOST_TEST(head.content_length.value() == 12);
    BOOST_TEST(head.keep_alive);
    BOOST_TEST(!head.is_chunked);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_head_is_found_however_it_is_cut) {
    const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    for (std::size_t cut = 0; cut < head.size(); ++cut) {
        std::size_t scanned = 0;
        BOOST_TEST(http::find_head_end(std::string_view(head).substr(0, cut), scanned, limits) == 0);
        BOOST_TEST(http::find_head_end(head + "next", scanned, limits) == head.size());
    }
}

BOOST_AUTO_TEST_CASE(a_bare_line_feed_is_refused) {
    for (const char* bytes : {"GET / HTTP/1.1\n", "\n", "GET / HTTP/1.1\r\nHost: h\n\r\n"}) {
        std::size_t scanned = 0;
        BOOST_CHECK_EXCEPTION(http::find_head_end(bytes, scanned, limits), Error, fails_with(ErrorKind::bad_request));
    }
}

BOOST_AUTO_TEST_CASE(a_flood_is_cut_before_its_end) {
    std::size_t scanned = 0;
    BOOST_CHECK_EXCEPTION(http::find_head_end(std::string(500, 'a'), scanned, limits), Error,
                          fails_with(ErrorKind::uri_too_long));
    scanned = 0;
    BOOST_CHECK_EXCEPTION(http::find_head_end("GET / HTTP/1.1\r\n" + std::string(500, 'a'), scanned, limits), Error,
                          fails_with(ErrorKind::headers_too_large));
    BOOST_CHECK_EXCEPTION(with("X: " + std::string(300, 'a') + "\r\n"), Error,
                          fails_with(ErrorKind::headers_too_large));
    std::string many;
    for (int i = 0; i < 9; ++i) many += "X: 1\r\n";
    BOOST_CHECK_EXCEPTION(with(many), Error, fails_with(ErrorKind::headers_too_large));
    BOOST_CHECK_EXCEPTION(parse("Host: h\r\n", "GET /" + std::string(64, 'a') + " HTTP/1.1"), Error,
                          fails_with(ErrorKind::uri_too_long));
}

BOOST_AUTO_TEST_CASE(a_length_is_digits_and_only_one) {
    for (const char* value :
         {"-1", "abc", "5, 5", "0x10", "+5", "", "5 5", "5.0", "18446744073709551616", "99999999999999999999999999"})
        BOOST_CHECK_EXCEPTION(with("Content-Length: " + std::string(value) + "\r\n"), Error,
                              fails_with(ErrorKind::bad_request));
    BOOST_CHECK_EXCEPTION(with("Content-Length: 5\r\ncontent-length: 5\r\n"), Error,
                          fails_with(ErrorKind::bad_request));
    BOOST_TEST(with("Content-Length: 18446744073709551615\r\n").content_length.value() == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(chunked_is_the_only_coding_and_goes_with_no_length) {
    BOOST_TEST(with("Transfer-Encoding: Chunked\r\n").is_chunked);
    for (const char* headers :
         {"Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding:\r\n", "Transfer-Encoding : chunked\r\n"})
        BOOST_CHECK_EXCEPTION(with(headers), Error, fails_with(ErrorKind::bad_request));
    BOOST_CHECK_EXCEPTION(with("Content-Encoding: gzip\r\n"), Error, fails_with(ErrorKind::unsupported_media));
    with("Content-Encoding: identity\r\n");
}

BOOST_AUTO_TEST_CASE(there_is_one_host) {
    BOOST_CHECK_EXCEPTION(parse(""), Error, fails_with(ErrorKind::bad_request));
    BOOST_CHECK_EXCEPTION(with("Host: other\r\n"), Error, fails_with(ErrorKind::bad_request));
    for (const char* host : {"a/b", "a b", "user@host", "a,b", "<x>", "a\\b"})
        BOOST_CHECK_EXCEPTION(parse("Host: " + std::string(host) + "\r\n"), Error, fails_with(ErrorKind::bad_request));
    parse("", "GET / HTTP/1.0");
    parse("Host: [::1]:9292\r\n");
    BOOST_TEST(parse("Host: other\r\n", "GET http://h:1/p?q=1 HTTP/1.1").headers.back().second == "h:1");
    BOOST_TEST(parse("Host: other\r\n", "GET http://h HTTP/1.1").path == "/");
}

BOOST_AUTO_TEST_CASE(malformed_lines_are_refused) {
    for (const char* line :
         {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET / HTTP/2.0", "GET / http/1.1",
          "G(T / HTTP/1.1", "GET v2 HTTP/1.1", "GET /a#b HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /\xc3\xa4 HTTP/1.1",
          "GET * HTTP/1.1", "", " ", "GET http:// HTTP/1.1", "PRI * HTTP/2.0"})
        BOOST_CHECK_EXCEPTION(parse("Host: h\r\n", line), Error, fails_with(ErrorKind::bad_request));
    for (const char* headers : {" folded: 1\r\n", "X: 1\r\n folded\r\n", "no colon\r\n", ": x\r\n", "X Y: 1\r\n",
                                "X: a\x01z\r\n", "X: a\rb\r\n", "X: \x7f\r\n"})
        BOOST_CHECK_EXCEPTION(with(headers), Error, fails_with(ErrorKind::bad_request));
    BOOST_CHECK_EXCEPTION(with(std::string("X: a\0b\r\n", 8)), Error, fails_with(ErrorKind::bad_request));
}

BOOST_AUTO_TEST_CASE(whether_the_connection_is_kept_is_up_to_the_client) {
    BOOST_TEST(!with("Connection: close\r\n").keep_alive);
    BOOST_TEST(!with("Connection: TE, Close\r\n").keep_alive);
    BOOST_TEST(!with("Connection: close\r\nConnection: keep-alive\r\n").keep_alive);
    BOOST_TEST(!parse("", "GET / HTTP/1.0").keep_alive);
    BOOST_TEST(parse("Connection: Keep-Alive\r\n", "GET / HTTP/1.0").keep_alive);
}

BOOST_AUTO_TEST_CASE(whatever_bytes_come_the_result_is_a_head_or_an_error) {
    const std::string model =
        "POST /v2/images?a=%20b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nExpect: "
        "100-continue\r\nConnection: close, TE\r\n\r\n";
    const std::string spice = std::string("\r\n\0 :,;%\t\x7f\xff/?#0a", 16);
    std::minstd_rand random(1);
    for (int i = 0; i < 20'000; ++i) {
        const std::string bytes = tests::mangled(model, spice, 20, random);
        try {
            std::size_t scanned = 0;
            const std::size_t end = http::find_head_end(bytes, scanned, limits);
            if (end == 0) continue;
            const auto head = http::parse_head(std::string_view(bytes).substr(0, end), limits);
            BOOST_REQUIRE(!(head.is_chunked && head.content_length));
            for (const auto& [name, value] : head.headers)
                BOOST_REQUIRE(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
        } catch (const Error&) {
            continue;
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
