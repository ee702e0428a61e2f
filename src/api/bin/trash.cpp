#include "service/bin/trash.hpp"
#include "api/bin/scrub_json.hpp"
#include "api/images/image_json.hpp"
#include "api/list_query.hpp"
#include "api/page.hpp"
#include "api/prefer.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"
#include "config/config.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void list_bin(Context& context, const Caller& caller, Request& request, Response& response) {
    const ImageQuery query = parse_list_query(request.query, context.config.limits, true);
    const auto page = take_page(query, [&](const ImageQuery& q) { return context.trash.list(caller, q); });
    JsonWriter json;
    json.begin_object().key("trash").begin_array();
    for (const Image& image : page.images) write_bin_entry(json, image);
    json.end_array();
    write_page_links(json, "/api/trash", request.query, page);
    response.body = json.end_object().take();
}

void show_entry(Context& context, const Caller& caller, Request& request, Response& response) {
    JsonWriter json;
    write_bin_entry(json, context.trash.get(caller, request.captures[0]));
    response.body = json.take();
}

void restore(Context& context, const Caller& caller, Request& request, Response& response) {
    JsonWriter json;
    write_image(json, context.trash.restore(caller, request.captures[0]));
    response.body = json.take();
}

void purge(Context& context, const Caller& caller, Request& request, Response& response) {
    const auto purged = context.trash.purge(caller, request.captures[0], preferred_wait_us(request));
    response.status = purged == service::Trash::Purged::removed ? 204 : 202;
}

void empty(Context& context, const Caller& caller, Request& request, Response& response) {
    const std::string_view all = request.parameter("all").value_or("false");
    if (all != "true" && all != "false")
        throw Error(ErrorKind::bad_request, "the parameter 'all' must be true or false");
    const auto progress = context.trash.empty(caller, all == "true", preferred_wait_us(request));
    response.status = progress.is_done ? 200 : 202;
    JsonWriter json;
    write_scrub_progress(json, progress);
    response.body = json.take();
}

}  // namespace

void add_trash_routes(http::Router& router, Context& context) {
    router.add({"GET", "/api/trash", BodyRule::none, for_caller(context, list_bin)});
    router.add({"DELETE", "/api/trash", BodyRule::none, for_caller(context, empty)});
    router.add({"GET", "/api/trash/{id}", BodyRule::none, for_caller(context, show_entry)});
    router.add({"DELETE", "/api/trash/{id}", BodyRule::none, for_caller(context, purge)});
    router.add({"POST", "/api/trash/{id}/restore", BodyRule::ignore, for_caller(context, restore)});
}

}  // namespace reprieve::api
