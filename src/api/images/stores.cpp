#include "service/images/stores.hpp"
#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "image/access.hpp"
#include "service/images/locations.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;
using Entry = service::Stores::Entry;

/// Writes the type of a store, and its properties as far as Glance's driver of the same type shows them, with the names
/// and units of Glance.
void write_setup(JsonWriter& json, const StoreConfig& config) {
    json.field("type", config.type).key("properties").begin_object();
    if (config.type == "file") json.field("data_dir", config.path).field("thin_provisioning", true);
    if (config.type == "rbd")
        json.field("chunk_size", config.chunk_bytes).field("pool", config.pool).field("thin_provisioning", true);
    json.end_object();
}

void answer_stores(const Context& context, Response& response, bool with_setup) {
    JsonWriter json;
    json.begin_object().key("stores").begin_array();
    for (const Entry& store : context.stores.list()) {
        json.begin_object().field("id", store.name);
        if (!store.config.description.empty()) json.field("description", store.config.description);
        // The text "true", not the boolean: Glance sends the text, and clients compare with it.
        if (store.is_default) json.field("default", "true");
        if (store.is_read_only) json.field("read-only", "true");
        if (with_setup) write_setup(json, store.config);
        json.end_object();
    }
    response.body = json.end_array().end_object().take();
}

void list_stores(Context& context, const Caller& caller, Request&, Response& response) {
    require(caller, Action::see_stores);
    answer_stores(context, response, false);
}

void list_stores_with_setup(Context& context, const Caller& caller, Request&, Response& response) {
    require(caller, Action::see_store_setup);
    answer_stores(context, response, true);
}

void remove_from_store(Context& context, const Caller& caller, Request& request, Response& response) {
    context.locations.remove_from_store(caller, request.captures[0], request.captures[1]);
    response.status = 204;
}

}  // namespace

void add_store_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v2/info/stores", BodyRule::none, for_caller(context, list_stores)});
    router.add({"GET", "/v2/info/stores/detail", BodyRule::none, for_caller(context, list_stores_with_setup)});
    router.add({"DELETE", "/v2/stores/{store}/{id}", BodyRule::none, for_caller(context, remove_from_store)});
}

}  // namespace reprieve::api
