#include "api/image_body.hpp"
#include "api/image_json.hpp"
#include "api/list_query.hpp"
#include "api/page.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"
#include "base/joined.hpp"
#include "http/server.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void answer_image(Response& response, const Image& image) {
    JsonWriter json;
    write_image(json, image);
    response.body = json.take();
}

void create(Context& context, Request& request, Response& response) {
    const std::string body = http::read_body(request, context.config.limits.request_body);
    const Image image = context.images.create(caller_of(request), parse_new_image(body));
    response.status = 201;
    response.set_header("Location", base_url(context, request) + "/v2/images/" + image.id);
    response.set_header("OpenStack-image-store-ids", joined(context.stores.list(), ",", &service::Stores::Entry::name));
    answer_image(response, image);
}

void list(Context& context, Request& request, Response& response) {
    ImageQuery query = parse_list_query(request.query, context.config.limits);
    const auto page = take_page(query, [&](const ImageQuery& q) { return context.images.list(caller_of(request), q); });
    JsonWriter json;
    json.begin_object().key("images").begin_array();
    for (const Image& image : page.images) write_image(json, image);
    json.end_array();
    write_page_links(json, "/v2/images", request.query, page);
    response.body = json.field("schema", "/v2/schemas/images").end_object().take();
}

void show(Context& context, Request& request, Response& response) {
    answer_image(response, context.images.get(caller_of(request), request.captures[0]));
}

void show_details(Context& context, Request& request, Response& response) {
    JsonWriter json;
    write_image_details(json, context.images.get_anywhere(caller_of(request), request.captures[0]),
                        [&](const Location& location) { return context.stores.allocated(location); });
    response.body = json.take();
}

void update(Context& context, Request& request, Response& response) {
    constexpr std::string_view v2_1 = "application/openstack-images-v2.1-json-patch";
    constexpr std::string_view v2_0 = "application/openstack-images-v2.0-json-patch";
    const std::string_view type = request.header("content-type");
    const std::string_view media = type.substr(0, type.find(';'));
    if (media != v2_1 && media != v2_0) {
        response.set_header("Accept-Patch", std::string(v2_1) + ", " + std::string(v2_0));
        throw Error(ErrorKind::unsupported_media, "an update needs the Content-Type " + std::string(v2_1));
    }
    const auto changes = parse_patch(http::read_body(request, context.config.limits.request_body),
                                     media == v2_1 ? PatchForm::v2_1 : PatchForm::v2_0);
    answer_image(response, context.images.update(caller_of(request), request.captures[0], changes));
}

/// A handler that has nothing to tell but that it is done.
template <typename Work>
http::Handler done_by(Work work) {
    return [work](Request& request, Response& response) {
        work(request);
        response.status = 204;
    };
}

}  // namespace

void add_image_routes(http::Router& router, Context& context) {
    auto& images = context.images;
    router.add({"POST", "/v2/images", BodyRule::handler, with_context(context, create)});
    router.add({"GET", "/v2/images", BodyRule::ignore, with_context(context, list)});
    router.add({"GET", "/v2/images/{id}", BodyRule::none, with_context(context, show)});
    router.add({"GET", "/api/images/{id}", BodyRule::none, with_context(context, show_details)});
    router.add({"PATCH", "/v2/images/{id}", BodyRule::handler, with_context(context, update)});
    router.add({"DELETE", "/v2/images/{id}", BodyRule::none,
                done_by([&](Request& r) { images.remove(caller_of(r), r.captures[0]); })});
    router.add({"POST", "/v2/images/{id}/actions/deactivate", BodyRule::none,
                done_by([&](Request& r) { images.deactivate(caller_of(r), r.captures[0]); })});
    router.add({"POST", "/v2/images/{id}/actions/reactivate", BodyRule::none,
                done_by([&](Request& r) { images.reactivate(caller_of(r), r.captures[0]); })});
    router.add({"PUT", "/v2/images/{id}/tags/{tag}", BodyRule::none,
                done_by([&](Request& r) { images.add_tag(caller_of(r), r.captures[0], r.captures[1]); })});
    router.add({"DELETE", "/v2/images/{id}/tags/{tag}", BodyRule::none,
                done_by([&](Request& r) { images.remove_tag(caller_of(r), r.captures[0], r.captures[1]); })});
}

}  // namespace reprieve::api
