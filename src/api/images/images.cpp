#include "service/images/images.hpp"
#include "api/images/image_body.hpp"
#include "api/images/image_json.hpp"
#include "api/list_query.hpp"
#include "api/page.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"
#include "base/joined.hpp"
#include "config/config.hpp"
#include "http/wire/message.hpp"
#include "image/access.hpp"
#include "service/images/stores.hpp"
#include "service/operation/audit_trail.hpp"
#include "service/uploads/resumable_uploads.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

ShownLocations shown_to(const Context& context, const Caller& caller) {
    const Config::Images& images = context.config.images;
    if (judge(caller, Action::see_locations) != Verdict::allowed) return {};
    return {.direct_url = images.show_image_direct_url,
            .all = images.show_multiple_locations,
            .url = [&context](const Location& location) { return context.stores.public_url(location); }};
}

void answer_image(const Context& context, const Caller& caller, Response& response, const Image& image) {
    JsonWriter json;
    write_image(json, image, shown_to(context, caller));
    response.body = json.take();
}

void create_image(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::create_image);  // refuse before the body is read and parsed
    const std::string body = http::read_body(request, context.config.limits.request_body);
    const Image image = context.images.create(caller, parse_new_image(body));
    response.status = 201;
    response.set_header("Location", base_url(context, request) + "/v2/images/" + image.id);
    response.set_header("OpenStack-image-store-ids", joined(context.stores.list(), ",", &service::Stores::Entry::name));
    answer_image(context, caller, response, image);
}

void list_images(Context& context, const Caller& caller, Request& request, Response& response) {
    ImageQuery query = parse_list_query(request.query, context.config.limits);
    const auto page = take_page(query, [&](const ImageQuery& q) { return context.images.list(caller, q); });
    JsonWriter json;
    json.begin_object().key("images").begin_array();
    const ShownLocations shown = shown_to(context, caller);
    for (const Image& image : page.images) write_image(json, image, shown);
    json.end_array();
    write_page_links(json, "/v2/images", request.query, page);
    response.body = json.field("schema", "/v2/schemas/images").end_object().take();
}

void show_image(Context& context, const Caller& caller, Request& request, Response& response) {
    answer_image(context, caller, response, context.images.get(caller, request.captures[0]));
}

void show_details(Context& context, const Caller& caller, Request& request, Response& response) {
    constexpr std::size_t shown_events = 20;
    Image image = context.images.get_anywhere(caller, request.captures[0]);
    // A project that does not own the image sees what the image is, but not how it is stored.
    const bool is_own = judge(caller, Action::see_storage, image, {}) == Verdict::allowed;
    if (!is_own && judge(caller, Action::see_locations) != Verdict::allowed) image.locations.clear();
    if (!is_own) image.status_reason.clear();
    const auto upload = is_own ? context.resumable.open_to(image) : std::nullopt;
    EventQuery latest;
    latest.target = image.id;
    latest.limit = shown_events;
    std::vector<Event> history;
    if (judge(caller, Action::see_events) == Verdict::allowed) history = context.audit.list(caller, latest);
    JsonWriter json;
    write_image_details(
        json, image, [&](const Location& location) { return context.stores.allocated(location); }, upload, history);
    response.body = json.take();
}

void update_image(Context& context, const Caller& caller, Request& request, Response& response) {
    constexpr std::string_view v2_1 = "application/openstack-images-v2.1-json-patch";
    constexpr std::string_view v2_0 = "application/openstack-images-v2.0-json-patch";
    const std::string_view type = request.header("content-type");
    const std::string_view media = type.substr(0, type.find(';'));
    if (media != v2_1 && media != v2_0) {
        response.set_header("Accept-Patch", std::string(v2_1) + ", " + std::string(v2_0));
        throw Error(ErrorKind::unsupported_media, "an update needs the Content-Type " + std::string(v2_1));
    }
    auto changes = parse_patch(http::read_body(request, context.config.limits.request_body),
                               media == v2_1 ? PatchForm::v2_1 : PatchForm::v2_0);
    answer_image(context, caller, response, context.images.update(caller, request.captures[0], std::move(changes)));
}

/// Returns a handler that runs `work` and answers 204 without a body.
template <typename Work>
http::Handler done_by(Context& context, Work work) {
    return for_caller(context, [work](Context&, const Caller& caller, Request& request, Response& response) {
        work(caller, request);
        response.status = 204;
    });
}

}  // namespace

void add_image_routes(http::Router& router, Context& context) {
    auto& images = context.images;
    router.add({"POST", "/v2/images", BodyRule::handler, for_caller(context, create_image)});
    router.add({"GET", "/v2/images", BodyRule::ignore, for_caller(context, list_images)});
    router.add({"GET", "/v2/images/{id}", BodyRule::none, for_caller(context, show_image)});
    router.add({"GET", "/api/images/{id}", BodyRule::none, for_caller(context, show_details)});
    router.add({"PATCH", "/v2/images/{id}", BodyRule::handler, for_caller(context, update_image)});
    router.add({"DELETE", "/v2/images/{id}", BodyRule::none,
                done_by(context, [&](const Caller& caller, Request& r) { images.remove(caller, r.captures[0]); })});
    router.add({"POST", "/v2/images/{id}/actions/deactivate", BodyRule::none,
                done_by(context, [&](const Caller& caller, Request& r) { images.deactivate(caller, r.captures[0]); })});
    router.add({"POST", "/v2/images/{id}/actions/reactivate", BodyRule::none,
                done_by(context, [&](const Caller& caller, Request& r) { images.reactivate(caller, r.captures[0]); })});
    router.add(
        {"PUT", "/v2/images/{id}/tags/{tag}", BodyRule::none, done_by(context, [&](const Caller& caller, Request& r) {
             images.add_tag(caller, r.captures[0], r.captures[1]);
         })});
    router.add({"DELETE", "/v2/images/{id}/tags/{tag}", BodyRule::none,
                done_by(context, [&](const Caller& caller, Request& r) {
                    images.remove_tag(caller, r.captures[0], r.captures[1]);
                })});
}

}  // namespace reprieve::api
