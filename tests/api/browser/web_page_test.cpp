#include "api/browser/web_page.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "api/browser/web_asset.hpp"
#include "api/routes.hpp"
#include "app/appliance.hpp"
#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(web_page)

namespace {

bool is_sent_to_page(const std::string& accept) {
    http::Request request;
    if (!accept.empty()) request.headers = {{"accept", accept}};
    return api::asks_for_page(request);
}

struct Served {
    ScratchFolder scratch;
    app::DataFolder data{scratch.path() + "/data"};
    FakeClock clock;
    Config config;

    http::Response get(const std::string& path, const http::Fields& headers = {}) {
        config.server.listen = "127.0.0.1:0";
        const app::Appliance appliance(config, data, clock, app::Mode::attend);
        auto match = appliance.routes().find("GET", path);
        http::Request request;
        request.method = "GET";
        request.path = path;
        request.captures = match.captures;
        request.headers = headers;
        http::Response response;
        match.route->handler(request, response);
        return response;
    }
};

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_browser_at_the_bare_address_is_sent_to_the_page_and_clients_are_not) {
    BOOST_TEST(is_sent_to_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
    BOOST_TEST(is_sent_to_page("TEXT/HTML"));
    BOOST_TEST(!is_sent_to_page(""));
    BOOST_TEST(!is_sent_to_page("*/*"));
    BOOST_TEST(!is_sent_to_page("application/json"));
    BOOST_TEST(!is_sent_to_page("application/json, text/html"));
    BOOST_TEST(!is_sent_to_page("text/html;q=0"));
    BOOST_TEST(!is_sent_to_page("text/html;q=0.0, */*"));
    BOOST_TEST(!is_sent_to_page("text/htmlx"));
}

BOOST_FIXTURE_TEST_CASE(the_first_page_is_asked_for_again_and_its_files_are_kept, Served) {
    const auto index = get("/ui/");
    BOOST_TEST(index.content_type == "text/html; charset=utf-8");
    BOOST_TEST(header(index, "Cache-Control") == "no-cache");
    BOOST_TEST(header(index, "Content-Encoding") == "gzip");
    BOOST_TEST(header(index, "Vary") == "Accept-Encoding");
    BOOST_TEST(header(index, "Content-Security-Policy").starts_with("default-src 'none'; script-src 'self'"));
    for (const auto& asset : api::embedded_web_assets()) {
        if (asset.name == "index.html") continue;
        const auto file = get("/ui/" + std::string(asset.name));
        BOOST_TEST(header(file, "Cache-Control") == "public, max-age=31536000, immutable");
        BOOST_TEST(header(file, "X-Content-Type-Options") == "nosniff");
        BOOST_TEST(file.body.size() == asset.gzip.size());
    }
}

BOOST_FIXTURE_TEST_CASE(who_has_it_already_gets_nothing_but_the_word, Served) {
    const std::string etag = header(get("/ui/"), "ETag");
    const auto again = get("/ui/", {{"if-none-match", "\"other\", W/" + etag}});
    BOOST_TEST(again.status == 304);
    BOOST_TEST(again.body.empty());
    BOOST_TEST(header(again, "ETag") == etag);
    BOOST_TEST(get("/ui/", {{"if-none-match", "\"other\""}}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_refuses_gzip_is_told_so, Served) {
    BOOST_TEST(get("/ui/", {{"accept-encoding", "gzip, deflate, br"}}).status == 200);
    BOOST_TEST(get("/ui/", {{"accept-encoding", "br, *"}}).status == 200);
    BOOST_TEST(get("/ui/", {{"accept-encoding", "identity"}}).status == 406);
    BOOST_TEST(get("/ui/", {{"accept-encoding", "*, gzip;q=0"}}).status == 406);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_file_is_not_there, Served) {
    error_of(ErrorKind::not_found, [&] { get("/ui/main.js"); });
    error_of(ErrorKind::not_found, [&] { get("/ui/..%2Fconfig.toml"); });
}

BOOST_FIXTURE_TEST_CASE(for_work_on_it_the_page_comes_from_a_folder_and_nothing_beside_it, Served) {
    config.server.web_dir = scratch.path();
    std::ofstream(scratch.path() + "/index.html") << "<p>mine";
    std::ofstream(scratch.path() + "/secret.txt") << "no";
    BOOST_TEST(get("/ui/").body == "<p>mine");
    BOOST_TEST(header(get("/ui/"), "Cache-Control") == "no-store");
    for (const char* path : {"/ui/secret.txt", "/ui/main.js", "/ui/..%2Findex.html", "/ui/.html"})
        error_of(ErrorKind::not_found, [&] { get(path); });
}

BOOST_AUTO_TEST_SUITE_END()
