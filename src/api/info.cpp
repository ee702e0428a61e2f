#include "api/json_writer.hpp"
#include "api/routes.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

std::string import_methods() {
    JsonWriter json;
    json.begin_object().key("import-methods").begin_object();
    json.field("description", "Import methods available.").field("type", "array");
    json.key("value").begin_array().end_array();
    return json.end_object().end_object().take();
}

std::string store_list(const service::Stores& stores) {
    JsonWriter json;
    json.begin_object().key("stores").begin_array();
    for (const auto& store : stores.list()) {
        json.begin_object().field("id", store.name);
        if (!store.description.empty()) json.field("description", store.description);
        // Clients compare with the text, as Glance sends it.
        if (store.is_default) json.field("default", "true");
        json.end_object();
    }
    return json.end_array().end_object().take();
}

}  // namespace

void add_info_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v2/info/import", BodyRule::none,
                [](Request&, Response& response) { response.body = import_methods(); }});
    router.add({"GET", "/v2/info/stores", BodyRule::none,
                [&](Request&, Response& response) { response.body = store_list(context.stores); }});
}

}  // namespace reprieve::api
