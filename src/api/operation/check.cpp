#include "api/json_object.hpp"
#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "base/clock.hpp"
#include "base/timestamp.hpp"
#include "image/access.hpp"
#include "service/operation/audit_trail.hpp"
#include "service/operation/checker.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void write_progress(JsonWriter& json, const service::Checker::Progress& progress) {
    json.begin_object().field("running", progress.is_running).field("repair", progress.repairs);
    json.key("started_at");
    if (progress.started_at > 0)
        json.value(format_timestamp(progress.started_at));
    else
        json.null();
    json.field("checked", progress.checked)
        .field("expected", progress.expected)
        .field("catalog", progress.catalog)
        .field("error", progress.error)
        .field("findings", progress.findings);
    json.key("first_findings").begin_array();
    for (const service::Finding& finding : progress.first_findings) {
        json.begin_object()
            .field("kind", to_string(finding.kind))
            .field("image_id", finding.image_id)
            .field("store", finding.store)
            .field("detail", finding.detail)
            .field("repair", finding.repair)
            .end_object();
    }
    json.end_array().end_object();
}

void show_check(Context& context, const Caller& caller, Request&, Response& response) {
    require(caller, Action::manage_appliance);
    JsonWriter json;
    write_progress(json, context.checker.progress());
    response.body = json.take();
}

void start(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_appliance);
    const bool repair = JsonObject::read_body(request, {"repair"}).flag("repair").value_or(false);
    context.checker.start(repair);
    context.audit.note(
        done_by(caller, context.clock.now_us(), "check.start", {}, {}, repair ? "with repair" : "without repair"));
    response.status = 202;
    show_check(context, caller, request, response);
}

}  // namespace

void add_check_routes(http::Router& router, Context& context) {
    router.add({"GET", "/api/check", BodyRule::none, for_caller(context, show_check)});
    router.add({"POST", "/api/check", BodyRule::handler, for_caller(context, start)});
}

}  // namespace reprieve::api
