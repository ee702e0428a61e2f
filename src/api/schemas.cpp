#include <algorithm>
#include <span>
#include <string>

#include "api/routes.hpp"
#include "base/embedded_text.hpp"
#include "base/error.hpp"

namespace reprieve::api {

/// The files of src/api/schemas, compiled in; a name's dots stand for slashes ("metadefs.namespace").
std::span<const EmbeddedText> embedded_schemas();

namespace {

std::string_view find_schema(std::string name) {
    std::replace(name.begin(), name.end(), '/', '.');
    for (const EmbeddedText& schema : embedded_schemas()) {
        if (schema.name == name) return schema.text;
    }
    throw Error(ErrorKind::not_found, "there is no schema '" + name + "'");
}

}  // namespace

void add_schema_routes(http::Router& router, Context&) {
    router.add(
        {"GET", "/v2/schemas/{name}", http::BodyRule::none,
         [](http::Request& request, http::Response& response) { response.body = find_schema(request.captures[0]); }});
    router.add({"GET", "/v2/schemas/{group}/{name}", http::BodyRule::none,
                [](http::Request& request, http::Response& response) {
                    response.body = find_schema(request.captures[0] + "/" + request.captures[1]);
                }});
}

}  // namespace reprieve::api
