#include "api/browser/web_page.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "api/browser/web_asset.hpp"
#include "api/routes.hpp"
#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "config/config.hpp"
#include "http/wire/field_syntax.hpp"

// The web page at /ui/. It uses the same routes as any other client. Its own files need no sign-in.

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

constexpr std::string_view index_name = "index.html";

/// Calls `look` for each entry of a list such as that of Accept (RFC 9110, 12.5): with the value in lower case, and
/// with true if the value is acceptable (its q is not 0).
template <typename Look>
void visit_preferences(std::string_view list, Look look) {
    for (const std::string_view element : http::list_elements(list)) {
        std::string entry = to_lower(element);
        std::erase_if(entry, [](char c) { return c == ' ' || c == '\t'; });
        const auto value = entry.substr(0, entry.find(';'));
        const auto q = entry.find(";q=");
        look(value, q == std::string::npos || std::strtod(entry.c_str() + q + 3, nullptr) > 0);
    }
}

bool takes_gzip(const Request& request) {
    const std::string_view accepted = request.header("accept-encoding");
    if (accepted.empty()) return true;  // without this header, the client accepts any coding
    bool named = false, any = false, is_named = false;
    visit_preferences(accepted, [&](const std::string& coding, bool acceptable) {
        if (coding == "gzip" || coding == "x-gzip") {
            is_named = true;
            named = acceptable;
        }
        if (coding == "*") any = acceptable;
    });
    return is_named ? named : any;
}

void set_headers(Response& response) {
    // The page may contact this appliance only, and no other page may frame it.
    response.set_header("Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                        "require-trusted-types-for 'script'; trusted-types 'none'");
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    response.set_header("Vary", "Accept-Encoding");
}

std::string_view content_type_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
    }};
    for (const auto& [ending, type] : types)
        if (name.ends_with(ending)) return type;
    return {};
}

[[noreturn]] void throw_missing(const std::string& name) {
    throw Error(ErrorKind::not_found, "the page has no file '" + name + "'");
}

void answer_from_folder(const std::string& folder, const std::string& name, Response& response) {
    const std::string_view type = content_type_of(name);
    std::ifstream file(folder + '/' + name, std::ios::binary);
    if (type.empty() || name.starts_with('.') || name.find('/') != std::string::npos || !file) throw_missing(name);
    response.set_header("Cache-Control", "no-store");
    response.content_type = type;
    response.body.assign(std::istreambuf_iterator<char>(file), {});
}

void answer_embedded(const Request& request, const std::string& name, Response& response) {
    const auto assets = embedded_web_assets();
    const auto asset = std::ranges::find(assets, name, &WebAsset::name);
    if (asset == assets.end()) throw_missing(name);
    if (!takes_gzip(request)) {
        response.status = 406;
        response.content_type = "text/plain; charset=utf-8";
        response.body = "The page is only sent compressed: ask with Accept-Encoding: gzip (curl --compressed).\n";
        return;
    }
    response.set_header("ETag", std::string(asset->etag));
    // A file with a hash in its name never changes. The name index.html has no hash, so browsers ask for it each time.
    response.set_header("Cache-Control", name == index_name ? "no-cache" : "public, max-age=31536000, immutable");
    if (request.header("if-none-match").find(asset->etag) != std::string_view::npos) {
        response.status = 304;
        return;
    }
    response.set_header("Content-Encoding", "gzip");
    response.content_type = asset->content_type;
    response.body.assign(asset->gzip.begin(), asset->gzip.end());
}

void answer_file(const Context& context, const Request& request, const std::string& name, Response& response) {
    set_headers(response);
    const std::string& folder = context.config.server.web_dir;
    if (folder.empty())
        answer_embedded(request, name, response);
    else
        answer_from_folder(folder, name, response);
}

}  // namespace

bool asks_for_page(const Request& request) {
    bool html = false, json = false;
    visit_preferences(request.header("accept"), [&](const std::string& type, bool acceptable) {
        html = html || (acceptable && type == "text/html");
        json = json || (acceptable && type == "application/json");
    });
    return html && !json;
}

void send_to_page(Response& response) {
    response.status = 303;
    response.set_header("Location", "/ui/");
}

void add_web_page_routes(http::Router& router, Context& context) {
    router.add({"GET", "/ui", BodyRule::ignore, [](Request&, Response& response) { send_to_page(response); }});
    router.add({"GET", "/ui/", BodyRule::ignore, [&context](Request& request, Response& response) {
                    answer_file(context, request, std::string(index_name), response);
                }});
    router.add({"GET", "/ui/{file}", BodyRule::ignore, [&context](Request& request, Response& response) {
                    answer_file(context, request, request.captures[0], response);
                }});
}

}  // namespace reprieve::api
