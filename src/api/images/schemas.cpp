#include <span>
#include <string>

#include "api/routes.hpp"
#include "base/embedded_text.hpp"
#include "base/error.hpp"

namespace reprieve::api {

/// Returns the files of src/api/images/schemas, which are compiled into the program.
std::span<const EmbeddedText> embedded_schemas();

namespace {

std::string_view find_schema(const std::string& name) {
    for (const EmbeddedText& schema : embedded_schemas()) {
        if (schema.name == name) return schema.text;
    }
    throw Error(ErrorKind::not_found, "there is no schema '" + name + "'");
}

}  // namespace

void add_schema_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v2/schemas/{name}", http::BodyRule::none,
                for_caller(context, [](Context&, const Caller&, http::Request& request, http::Response& response) {
                    response.body = find_schema(request.captures[0]);
                })});
}

}  // namespace reprieve::api
