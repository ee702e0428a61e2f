#include <cctype>

#include "api/browser/web_page.hpp"
#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

constexpr int newest_minor = 16;  // v2.16 is the newest version of the Image API, as in Glance 25

/// Returns the version document, with which clients discover the API (Image API, "API versions"). It lists only
/// versions of the Image API, because a client that has this address as its image endpoint uses the highest version in
/// the list. The Identity API has its own version document at /v3.
std::string version_document(const std::string& address) {
    JsonWriter json;
    json.begin_object().key("versions").begin_array();
    for (int minor = newest_minor; minor >= 0; --minor) {
        json.begin_object()
            .field("id", "v2." + std::to_string(minor))
            .field("status", minor == newest_minor ? "CURRENT" : "SUPPORTED");
        json.key("links").begin_array().begin_object().field("rel", "self").field("href", address + "/v2/");
        json.end_object().end_array().end_object();
    }
    return json.end_array().end_object().take();
}

bool is_version(std::string_view segment) {
    return segment.size() >= 2 && segment[0] == 'v' && std::isdigit(static_cast<unsigned char>(segment[1])) != 0;
}

}  // namespace

void add_version_routes(http::Router& router, Context& context) {
    const auto answer = [&context](int status) {
        return [&context, status](Request& request, Response& response) {
            response.status = status;
            response.body = version_document(base_url(context, request));
        };
    };
    router.add({"GET", "/", BodyRule::ignore, [choices = answer(300)](Request& request, Response& response) {
                    response.set_header("Vary", "Accept");
                    if (asks_for_page(request)) return send_to_page(response);
                    choices(request, response);
                }});
    router.add({"GET", "/versions", BodyRule::ignore, answer(200)});
    // Clients whose endpoint already ends in /v2 look for the version document there.
    router.add({"GET", "/v2", BodyRule::ignore, answer(200)});
    router.add({"GET", "/v2/", BodyRule::ignore, answer(200)});
    for (int minor = 0; minor <= newest_minor; ++minor) router.alias("v2." + std::to_string(minor), "v2");
    router.set_fallback([choices = answer(300)](Request& request, Response& response) {
        const std::string_view path = std::string_view(request.path).substr(1);
        const std::string_view first = path.substr(0, path.find('/'));
        if (!is_version(first) || first.starts_with("v2") || first == "v3")
            throw Error(ErrorKind::not_found, "there is nothing at " + request.path);
        choices(request, response);
    });
}

}  // namespace reprieve::api
