#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "service/images/stores.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void answer_ok(Request&, Response& response) {
    response.content_type = "text/plain";
    response.body = "OK\n";
}

void answer_ready(Context& context, Request&, Response& response) {
    const std::string reason = context.stores.not_ready_reason();
    response.status = reason.empty() ? 200 : 503;
    JsonWriter json;
    response.body = json.begin_object().field("ready", reason.empty()).field("reason", reason).end_object().take();
}

}  // namespace

void add_health_routes(http::Router& router, Context& context) {
    router.add({"GET", "/healthz", BodyRule::ignore, answer_ok});
    router.add({"GET", "/healthcheck", BodyRule::ignore, answer_ok});
    router.add({"GET", "/readyz", BodyRule::ignore, for_everyone(context, answer_ready)});
}

}  // namespace reprieve::api
