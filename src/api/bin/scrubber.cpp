#include <algorithm>

#include "api/bin/scrub_json.hpp"
#include "api/json_object.hpp"
#include "api/prefer.hpp"
#include "api/routes.hpp"
#include "base/clock.hpp"
#include "base/timestamp.hpp"
#include "config/config.hpp"
#include "image/access.hpp"
#include "service/bin/scrubber.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void show_scrubber(Context& context, const Caller& caller, Request&, Response& response) {
    require(caller, Action::manage_appliance);
    const auto state = context.scrubber.state();
    JsonWriter json;
    json.begin_object()
        .field("scrub_time", context.config.trash.scrub_time_us / us_per_second)
        .field("next_due_at", format_timestamp(state.next_due_at));
    // The next pass runs when the next image is due, but at the latest after the longest sleep of the scrubber.
    const std::int64_t wakeup = context.clock.now_us() + context.config.trash.wakeup_time_us;
    json.field("next_run_at", format_timestamp(std::min(wakeup, state.next_due_at.value_or(wakeup))));
    json.key("held");
    if (state.hold) {
        json.begin_object()
            .field("reason", state.hold->reason)
            .field("remaining_seconds", state.hold->remaining_us / us_per_second)
            .end_object();
    } else {
        json.null();
    }
    json.key("running");
    if (state.running)
        write_scrub_progress(json, *state.running);
    else
        json.null();
    json.key("last_runs").begin_array();
    for (const auto& run : state.last_runs) write_scrub_run(json, run);
    json.end_array().key("blocked").begin_array();
    for (const auto& blocked : state.blocked) write_blocked_image(json, blocked);
    response.body = json.end_array().end_object().take();
}

void run(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_appliance);
    JsonWriter json;
    if (JsonObject::read_body(request, {"dry_run"}).flag("dry_run").value_or(false)) {
        write_scrub_plan(json, context.scrubber.dry_run({}));
    } else {
        const auto progress = context.scrubber.run({.by = caller}, preferred_wait_us(request));
        response.status = progress.is_done ? 200 : 202;
        write_scrub_progress(json, progress);
    }
    response.body = json.take();
}

}  // namespace

void add_scrubber_routes(http::Router& router, Context& context) {
    router.add({"GET", "/api/scrubber", BodyRule::none, for_caller(context, show_scrubber)});
    router.add({"POST", "/api/scrubber/run", BodyRule::handler, for_caller(context, run)});
}

}  // namespace reprieve::api
