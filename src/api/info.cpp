#include "api/json_writer.hpp"
#include "api/routes.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void show_import_methods(Request&, Response& response) {
    JsonWriter json;
    json.begin_object().key("import-methods").begin_object();
    json.field("description", "Import methods available.").field("type", "array");
    json.key("value").begin_array().end_array();
    response.body = json.end_object().end_object().take();
}

void list_stores(Context& context, Request&, Response& response) {
    JsonWriter json;
    json.begin_object().key("stores").begin_array();
    for (const auto& store : context.stores.list()) {
        json.begin_object().field("id", store.name);
        if (!store.description.empty()) json.field("description", store.description);
        // Clients compare with the text, as Glance sends it.
        if (store.is_default) json.field("default", "true");
        json.end_object();
    }
    response.body = json.end_array().end_object().take();
}

}  // namespace

void add_info_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v2/info/import", BodyRule::none, show_import_methods});
    router.add({"GET", "/v2/info/stores", BodyRule::none, with_context(context, list_stores)});
}

}  // namespace reprieve::api
