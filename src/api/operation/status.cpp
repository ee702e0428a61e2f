#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "base/clock.hpp"
#include "base/timestamp.hpp"
#include "base/worker.hpp"
#include "config/config.hpp"
#include "http/wire/decimal.hpp"
#include "image/access.hpp"
#include "service/images/stores.hpp"
#include "service/operation/space_history.hpp"

// The state of the whole appliance, for the web page and for people with curl.

namespace reprieve::api {
namespace {

using http::Request;
using http::Response;

// Maximum number of points in the history of one store's space. More would be finer than any screen.
constexpr std::size_t max_points = 300;
constexpr std::uint64_t most_hours = service::SpaceHistory::keep_us / (3600 * us_per_second);

void write_space(JsonWriter& json, const StoreUsage& usage, std::uint64_t total, std::uint64_t available) {
    json.field("images", usage.images)
        .field("bin", usage.bin)
        .field("reserved", usage.reserved)
        .field("total", total)
        .field("available", available);
}

void write_overview(JsonWriter& json, const service::Stores::Overview& overview) {
    json.key("totals").begin_object();
    json.field("images", overview.totals.images)
        .field("bytes", overview.totals.bytes)
        .field("bin_images", overview.totals.bin_images)
        .field("bin_bytes", overview.totals.bin_bytes)
        .end_object();
    json.key("by_status").begin_object();
    for (const auto& [status, count] : overview.by_status) json.field(to_string(status), count);
    json.end_object().key("stores").begin_array();
    for (const auto& [store, usage, space, error] : overview.stores) {
        json.begin_object()
            .field("name", store.name)
            .field("description", store.config.description)
            .field("default", store.is_default);
        write_space(json, usage, space.total, space.available);
        json.field("error", error).end_object();
    }
    json.end_array();
}

void write_workers(JsonWriter& json, const std::vector<const Worker*>& workers) {
    json.key("workers").begin_array();
    for (const Worker* worker : workers) {
        const Worker::Status status = worker->status();
        json.begin_object()
            .field("name", status.name)
            .field("is_busy", status.is_busy)
            .field("next_turn_at", format_timestamp(status.next_turn_at))
            .field("failures", status.failures)
            .field("failures_in_a_row", status.failures_in_a_row)
            .field("last_error", status.last_error)
            .field("last_error_at", format_timestamp(status.last_error_at))
            .end_object();
    }
    json.end_array();
}

void show_status(Context& context, const Caller& caller, Request&, Response& response) {
    JsonWriter json;
    json.begin_object()
        .field("version", REPRIEVE_VERSION)
        .field("time", format_timestamp(context.clock.now_us()))
        .field("delayed_delete", context.config.trash.delayed_delete)
        .field("scrub_time", context.config.trash.scrub_time_us / us_per_second);
    if (judge(caller, Action::manage_appliance) == Verdict::allowed) {
        write_overview(json, context.stores.overview());
        write_workers(json, context.workers);
    } else {
        for (const char* key : {"totals", "by_status", "stores", "workers"}) json.key(key).null();
    }
    response.body = json.end_object().take();
}

/// Returns the parameter as a whole number from 1 to `most`; `most` if it is missing. Throws bad_request for any other
/// value.
std::uint64_t number_of(const Request& request, std::string_view name, std::uint64_t most) {
    const std::string_view text = request.parameter(name).value_or("");
    if (text.empty()) return most;
    const auto number = http::parse_decimal(text);
    if (!number || *number < 1 || *number > most)
        throw Error(ErrorKind::bad_request,
                    "the parameter '" + std::string(name) + "' must be a number from 1 to " + std::to_string(most));
    return *number;
}

void show_space(Context& context, const Caller& caller, Request& request, Response& response) {
    require(caller, Action::manage_appliance);
    const std::uint64_t hours = number_of(request, "hours", most_hours);
    const auto samples = context.space.list(static_cast<std::int64_t>(hours) * 3600 * us_per_second, max_points);
    JsonWriter json;
    json.begin_object().field("hours", hours).key("stores").begin_array();
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const SpaceSample& sample = samples[i];
        if (i == 0 || samples[i - 1].store != sample.store)
            json.begin_object().field("name", sample.store).key("points").begin_array();
        json.begin_object().field("time", format_timestamp(sample.at));
        write_space(json, sample.usage, sample.total, sample.available);
        json.end_object();
        if (i + 1 == samples.size() || samples[i + 1].store != sample.store) json.end_array().end_object();
    }
    response.body = json.end_array().end_object().take();
}

}  // namespace

void add_status_routes(http::Router& router, Context& context) {
    router.add({"GET", "/api/status", http::BodyRule::none, for_caller(context, show_status)});
    router.add({"GET", "/api/status/space", http::BodyRule::none, for_caller(context, show_space)});
}

}  // namespace reprieve::api
