#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "image/access.hpp"
#include "service/quotas.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void show_import_methods(Context&, const Caller&, Request&, Response& response) {
    JsonWriter json;
    json.begin_object().key("import-methods").begin_object();
    json.field("description", "Import methods available.").field("type", "array");
    json.key("value").begin_array().end_array();
    response.body = json.end_object().end_object().take();
}

/// Writes one quota, with `limit` and `usage` divided by `unit`. The limit 0 means no
/// limit, for which the Image API has -1.
void write_quota(JsonWriter& json, std::string_view name, std::uint64_t limit, std::uint64_t usage,
                 std::uint64_t unit) {
    json.key(name).begin_object().key("limit");
    if (limit == 0)
        json.value(-1);
    else
        json.value(limit / unit);
    json.field("usage", usage / unit).end_object();
}

/// Answers with the quotas and the usage of the caller's project. Sizes are in MiB, rounded down, as in Glance
/// (glance.quota.keystone).
void show_usage(Context& context, const Caller& caller, Request&, Response& response) {
    constexpr std::uint64_t MiB = 1 << 20;
    require(caller, Action::see_usage);
    const auto report = context.quotas.report(caller.project);
    JsonWriter json;
    json.begin_object().key("usage").begin_object();
    write_quota(json, "image_size_total", report.limits.project_bytes, report.usage.bytes, MiB);
    write_quota(json, "image_count_total", report.limits.project_image_count, report.usage.images, 1);
    write_quota(json, "image_stage_total", 0, 0, MiB);
    write_quota(json, "image_count_uploading", 0, report.uploads, 1);
    response.body = json.end_object().end_object().take();
}

}  // namespace

void add_info_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v2/info/import", BodyRule::none, for_caller(context, show_import_methods)});
    router.add({"GET", "/v2/info/usage", BodyRule::none, for_caller(context, show_usage)});
}

}  // namespace reprieve::api
