#include "api/browser/origin_gate.hpp"

#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(origin_gate)

namespace {

Config::Server settings() {
    Config::Server server;
    server.public_url = "https://Images.Example.org:8443/glance";
    server.allowed_hosts = {"Rack7", "10.0.0.7"};
    return server;
}

std::string answer(ErrorKind refusal, const std::string& method, http::Fields headers, bool is_admin_socket = false) {
    const api::OriginGate gate(settings(), "192.168.1.5");
    http::Request request;
    request.method = method;
    request.headers = std::move(headers);
    request.is_admin_socket = is_admin_socket;
    return error_of(refusal, [&] { gate.check(request); });
}
std::string host(const std::string& name) { return answer(ErrorKind::misdirected, "GET", {{"host", name}}); }
std::string origin(const std::string& from, const std::string& method = "POST") {
    return answer(ErrorKind::forbidden, method, {{"host", "localhost:9292"}, {"origin", from}});
}

const std::string passes = "nothing was thrown";
const std::string foreign = "pages of another site may not change anything here";

}  // namespace

BOOST_AUTO_TEST_CASE(a_known_host_is_answered_with_any_port_and_case) {
    for (const char* name : {"localhost", "LocalHost:9292", "127.0.0.1:9292", "[::1]", "[::1]:9292", "192.168.1.5:80",
                             "images.example.org", "IMAGES.example.org:8443", "rack7:1", "10.0.0.7"})
        BOOST_TEST(host(name) == passes, name);
    BOOST_TEST(answer(ErrorKind::misdirected, "GET", {}) == passes);
}

BOOST_AUTO_TEST_CASE(a_name_that_somebody_pointed_here_is_refused) {
    BOOST_TEST(host("evil.example:9292") ==
               "this appliance does not answer to the name 'evil.example': add it to server.allowed_hosts");
    for (const char* name : {"localhost.evil.example", "evil-localhost", "192.168.1.50", "[::2]", "::1", ":9292",
                             "localhost:9292@evil.example", "[::1].evil.example", "localhost:x", "[::1"})
        BOOST_TEST(host(name).starts_with("this appliance does not answer"), name);
}

BOOST_AUTO_TEST_CASE(a_page_of_another_site_reads_nothing_new_and_changes_nothing) {
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        BOOST_TEST(origin("https://evil.example", method) == foreign);
        BOOST_TEST(answer(ErrorKind::forbidden, method, {{"host", "localhost"}, {"sec-fetch-site", "cross-site"}}) ==
                   foreign);
        BOOST_TEST(answer(ErrorKind::forbidden, method, {{"host", "localhost"}, {"sec-fetch-site", "same-origin"}}) ==
                   passes);
        BOOST_TEST(answer(ErrorKind::forbidden, method, {{"host", "localhost"}}) == passes);
    }
    BOOST_TEST(origin("https://evil.example", "GET") == passes);
    for (const char* from : {"null", "", "localhost", "https://", "file://", "http://localhost:1@evil.example"})
        BOOST_TEST(origin(from) == (std::string(from).empty() ? passes : foreign), from);
}

BOOST_AUTO_TEST_CASE(the_appliances_own_pages_change_what_they_like) {
    for (const char* from : {"http://localhost:9292", "http://LOCALHOST:9292", "https://images.example.org:8443"})
        BOOST_TEST(origin(from) == passes, from);
    // Another port belongs to another server, and another name may belong to another machine.
    for (const char* from : {"http://localhost:3000", "http://127.0.0.1:9292", "http://[::1]:9292", "http://rack7",
                             "https://images.example.org"})
        BOOST_TEST(origin(from) == foreign, from);
}

BOOST_AUTO_TEST_CASE(a_page_that_came_in_clear_text_is_not_the_one_of_https) {
    BOOST_TEST(origin("http://images.example.org:8443") == foreign);
    const api::OriginGate gate(settings(), "192.168.1.5");
    http::Request request;
    request.method = "POST";
    request.is_https = true;
    request.headers = {{"host", "rack7"}, {"origin", "http://rack7"}};
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { gate.check(request); }) == foreign);
    request.headers = {{"host", "images.example.org:8443"}, {"origin", "http://images.example.org:8443"}};
    request.is_https = false;
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { gate.check(request); }) == foreign);
    request.headers = {{"host", "rack7"}, {"origin", "https://rack7"}};
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { gate.check(request); }) == passes);
}

BOOST_AUTO_TEST_CASE(the_admin_socket_is_not_checked) {
    BOOST_TEST(answer(ErrorKind::misdirected, "DELETE", {{"host", "anything"}, {"origin", "https://evil.example"}},
                      true) == passes);
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_that_is_listened_on_is_known_in_brackets) {
    const api::OriginGate gate(Config::Server{}, "FD00::5");
    http::Request request;
    request.method = "GET";
    request.headers = {{"host", "[fd00::5]:9292"}};
    gate.check(request);
    request.headers = {{"host", "[fd00::6]:9292"}};
    BOOST_TEST(error_of(ErrorKind::misdirected, [&] { gate.check(request); }) != passes);
}

BOOST_AUTO_TEST_CASE(whoever_listens_everywhere_has_any_address_but_not_any_name) {
    const auto answers = [](const std::string& listen, const std::string& name) {
        http::Request request;
        request.method = "GET";
        request.headers = {{"host", name}};
        return error_of(ErrorKind::misdirected, [&] { api::OriginGate(Config::Server{}, listen).check(request); }) ==
               passes;
    };
    for (const char* listen : {"0.0.0.0", "::"}) {
        for (const char* name : {"192.168.1.5:9292", "10.0.0.7", "[fd00::6]:9292"})
            BOOST_TEST(answers(listen, name), name);
        for (const char* name : {"evil.example", "10.0.0", "10.0.0.7.evil.example", "[fd00::6].evil.example",
                                 "[fd00::g]", "0x0a000007", "10.0.0.7@evil.example"})
            BOOST_TEST(!answers(listen, name), name);
    }
    std::array<char, 256> own{};
    BOOST_REQUIRE(::gethostname(own.data(), own.size() - 1) == 0);
    BOOST_TEST(answers("0.0.0.0", own.data()));
    BOOST_TEST(answers("192.168.1.5", own.data()));
    BOOST_TEST(!answers("192.168.1.5", "10.0.0.7"));
    BOOST_TEST(!answers("127.0.0.1", "10.0.0.7"));
}

BOOST_AUTO_TEST_SUITE_END()
