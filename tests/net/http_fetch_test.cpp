#include "net/http_fetch.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

#include "base/error.hpp"
#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"
#include "tests/net/fake_server.hpp"

namespace reprieve::net {
BOOST_AUTO_TEST_SUITE(http_fetch)

namespace {

using tests::answer_of;
using tests::FakeServer;

std::string redirect_to(const std::string& place, const std::string& status = "302 Found") {
    return answer_of(status, "secret of the remote", "Location: " + place + "\r\n");
}

std::string get(const std::string& url, const std::vector<std::uint16_t>& ports) {
    const TlsTrust trust("");
    const HttpFetch fetch({{AddressBlock("127.0.0.1")}, ports}, trust);
    const Deadline deadline(tests::hang_limit_us);
    const auto stream = fetch.get(url, {{"Accept", "*/*"}}, deadline);
    std::string body(100, '\0');
    body.resize(stream->read(body, deadline));
    return std::to_string(stream->head().status) + " " + body;
}

std::string target_of(const std::string& request) { return request.substr(4, request.find(' ', 4) - 4); }

}  // namespace

BOOST_AUTO_TEST_CASE(redirects_are_followed_wherever_they_may_lead) {
    FakeServer second([](const std::string& request) { return answer_of("200 OK", target_of(request)); });
    FakeServer first([&](const std::string& request) {
        const std::string target = target_of(request);
        if (target == "/a/start") return redirect_to("next?x=1");
        if (target == "/a/next?x=1") return redirect_to("/top", "307 Temporary Redirect");
        if (target == "/top") return redirect_to("?y=2#part", "308 Permanent Redirect");
        return redirect_to(second.url() + "/there" + target);
    });
    BOOST_TEST(get(first.url() + "/a/start", {first.port(), second.port()}) == "200 /there/top?y=2");
}

BOOST_AUTO_TEST_CASE(each_redirect_is_checked_again) {
    FakeServer first([](const std::string& request) {
        const std::string target = target_of(request);
        if (target == "/meta") return redirect_to("http://169.254.169.254/latest");
        if (target == "/other") return redirect_to("http://127.0.0.2/");
        if (target == "/user") return redirect_to("http://a:b@127.0.0.1/");
        if (target == "/file") return redirect_to("file:///etc/passwd");
        if (target == "/gopher") return redirect_to("gopher://127.0.0.1/");
        if (target == "/port") return redirect_to("http://127.0.0.1:1/");
        return redirect_to("");
    });
    const auto ports = {first.port(), std::uint16_t{80}};
    for (const char* path : {"/meta", "/other", "/port"}) {
        const auto message = tests::error_of(ErrorKind::forbidden, [&] { get(first.url() + path, ports); });
        BOOST_TEST(message.find("not allowed") != std::string::npos, path << ": " << message);
    }
    for (const char* path : {"/user", "/file", "/gopher", "/nowhere"}) {
        const auto message = tests::error_of(ErrorKind::unavailable, [&] { get(first.url() + path, ports); });
        BOOST_TEST(message == "the server redirects to something that is not an http or https URL", path);
    }
}

BOOST_AUTO_TEST_CASE(redirects_have_an_end) {
    std::atomic<int> asked = 0;
    FakeServer server([&](const std::string&) { return redirect_to("/" + std::to_string(++asked)); });
    BOOST_TEST(tests::error_of(ErrorKind::unavailable, [&] { get(server.url(), {server.port()}); }) ==
               "the server redirects more than 5 times");
    BOOST_TEST(asked == 6);
}

BOOST_AUTO_TEST_CASE(https_never_becomes_http) {
    const Url base = parse_url("https://example.org/a/b?c");
    BOOST_TEST(redirected(base, "//other.example.org:444/x").endpoint.is_tls);
    BOOST_TEST(redirected(base, "//other.example.org:444/x").endpoint.port == 444);
    BOOST_TEST(redirected(base, "d?u=http://x/").path == "/a/d?u=http://x/");
    BOOST_TEST(!redirected(base, "http://example.org/").endpoint.is_tls);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve::net
