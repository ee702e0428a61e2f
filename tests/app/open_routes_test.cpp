#include <boost/test/unit_test.hpp>
#include <set>

#include "app/appliance.hpp"
#include "base/log.hpp"
#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

// Routes that need no token: discovery, health, the sign-in itself, and the page.
const std::set<std::string> open_routes{
    "GET /",        "GET /versions",        "GET /v2",           "GET /v2/",
    "GET /healthz", "GET /healthcheck",     "GET /readyz",       "GET /v3",
    "GET /v3/",     "POST /v3/auth/tokens", "POST /api/session", "GET /ui",
    "GET /ui/",     "GET /ui/{file}",
};

/// Body that notes whether a handler read it.
struct UntouchedBody final : http::Body {
    bool was_read = false;
    std::optional<std::uint64_t> length() const override { return 5; }
    std::size_t read(std::span<std::byte>) override {
        was_read = true;
        return 0;
    }
    void start_deadline() override {}
    std::function<void()> interrupter() override {
        return [] {};
    }
};

struct Local {
    ScratchFolder scratch;
    app::DataFolder data{scratch.path() + "/data"};
    FakeClock clock;
    Config config;

    Local() {
        config.server.listen = "127.0.0.1:0";
        config.auth.mode = "local";
        set_log_sink([](std::string_view) {});
    }
    Local(const Local&) = delete;
    Local& operator=(const Local&) = delete;
    ~Local() { set_log_sink({}); }
};

http::Request request_for(const http::Route& route, http::Body& body, http::Fields headers) {
    http::Request request;
    request.method = route.method;
    request.path = route.pattern;
    request.captures = {"one", "two", "three"};
    request.headers = std::move(headers);
    request.headers.emplace_back("host", "box:9292");
    request.peer = "192.0.2.1";
    request.body = &body;
    return request;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(open_routes_suite, Local)

BOOST_AUTO_TEST_CASE(every_route_but_a_few_asks_for_a_token_before_anything_else) {
    const app::Appliance appliance(config, data, clock, app::Mode::serve);
    const std::string forged(64, 'a');
    const std::vector<http::Fields> nobodies{
        {},
        {{"x-auth-token", forged}},
        {{"cookie", "reprieve_session=" + forged}, {"origin", "http://box:9292"}},
        {{"x-service-token", forged}},
    };
    std::size_t asked = 0;
    appliance.routes().visit([&](const http::Route& route) {
        const std::string name = std::string(route.method) + " " + std::string(route.pattern);
        if (open_routes.contains(name)) return;
        for (const auto& headers : nobodies) {
            UntouchedBody body;
            http::Request request = request_for(route, body, headers);
            http::Response response;
            const std::string refusal = error_of(ErrorKind::unauthenticated, [&] { route.handler(request, response); });
            BOOST_TEST((refusal.starts_with("sign in first") || refusal.starts_with("the token is unknown")),
                       name << ": " << refusal);
            BOOST_TEST(!body.was_read, name);
            http::Fields told{{"WWW-Authenticate", "Keystone uri=\"http://box:9292/v3\""}};
            if (route.pattern.starts_with("/api/uploads")) told.insert(told.begin(), {"Cache-Control", "no-store"});
            BOOST_TEST((response.headers == told), name);
            ++asked;
        }
    });
    BOOST_TEST(asked > 100U);
}

BOOST_AUTO_TEST_CASE(the_challenge_names_the_public_address) {
    config.server.public_url = "https://images.example.org/";
    const app::Appliance appliance(config, data, clock, app::Mode::serve);
    UntouchedBody body;
    const auto match = appliance.routes().find("GET", "/v2/images");
    http::Request request = request_for(*match.route, body, {});
    http::Response response;
    error_of(ErrorKind::unauthenticated, [&] { match.route->handler(request, response); });
    BOOST_TEST(
        (response.headers == http::Fields{{"WWW-Authenticate", "Keystone uri=\"https://images.example.org/v3\""}}));
}

BOOST_AUTO_TEST_SUITE_END()
