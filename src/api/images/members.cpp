#include "service/images/members.hpp"
#include "api/json_object.hpp"
#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"
#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void write_member(JsonWriter& json, const std::string& image_id, const ImageMember& member) {
    json.begin_object()
        .field("member_id", member.member)
        .field("image_id", image_id)
        .field("status", to_string(member.status))
        .field("created_at", format_timestamp(member.created_at))
        .field("updated_at", format_timestamp(member.updated_at))
        .field("schema", "/v2/schemas/member")
        .end_object();
}

/// Returns the text in the field `name` of the body. Throws bad_request if this field is missing or empty. Ignores
/// other fields, as Glance does.
std::string text_of_body(Request& request, const std::string& name) {
    std::string text = JsonObject::read_body(request).required_text(name);
    if (text.empty()) throw Error(ErrorKind::bad_request, "'" + name + "' must not be empty");
    return text;
}

void answer_member(const Request& request, Response& response, const ImageMember& member) {
    JsonWriter json;
    write_member(json, request.captures[0], member);
    response.body = json.take();
}

void add_member(Context& context, const Caller& caller, Request& request, Response& response) {
    const std::string member = text_of_body(request, "member");
    answer_member(request, response, context.members.add(caller, request.captures[0], member));
}

void list_members(Context& context, const Caller& caller, Request& request, Response& response) {
    JsonWriter json;
    json.begin_object().key("members").begin_array();
    for (const ImageMember& member : context.members.list(caller, request.captures[0]))
        write_member(json, request.captures[0], member);
    response.body = json.end_array().field("schema", "/v2/schemas/members").end_object().take();
}

void show_member(Context& context, const Caller& caller, Request& request, Response& response) {
    answer_member(request, response, context.members.get(caller, request.captures[0], request.captures[1]));
}

void set_member_status(Context& context, const Caller& caller, Request& request, Response& response) {
    const std::string text = text_of_body(request, "status");
    const auto status = member_status_from(text);
    if (!status) throw Error(ErrorKind::bad_request, "'status' must be one of pending, accepted, rejected");
    answer_member(request, response,
                  context.members.set_status(caller, request.captures[0], request.captures[1], *status));
}

void remove_member(Context& context, const Caller& caller, Request& request, Response& response) {
    context.members.remove(caller, request.captures[0], request.captures[1]);
    response.status = 204;
}

}  // namespace

void add_member_routes(http::Router& router, Context& context) {
    router.add({"POST", "/v2/images/{id}/members", BodyRule::handler, for_caller(context, add_member)});
    router.add({"GET", "/v2/images/{id}/members", BodyRule::none, for_caller(context, list_members)});
    router.add({"GET", "/v2/images/{id}/members/{member}", BodyRule::none, for_caller(context, show_member)});
    router.add({"PUT", "/v2/images/{id}/members/{member}", BodyRule::handler, for_caller(context, set_member_status)});
    router.add({"DELETE", "/v2/images/{id}/members/{member}", BodyRule::none, for_caller(context, remove_member)});
}

}  // namespace reprieve::api
