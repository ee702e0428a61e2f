#include "api/bin/scrub_json.hpp"

#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

void write_run_fields(JsonWriter& json, const catalog::ScrubRun& run) {
    json.field("id", run.number)
        .field("trigger", run.trigger)
        .field("started_at", format_timestamp(run.started_at))
        .field("ended_at", format_timestamp(run.ended_at));
}

void write_report_fields(JsonWriter& json, const service::ScrubReport& report) {
    json.field("images", report.images)
        .field("bytes_freed", report.bytes_freed)
        .field("failures", report.failures)
        .field("held", report.held);
    json.key("image_ids").begin_array();
    for (const std::string& id : report.image_ids) json.value(id);
    json.end_array().key("failed").begin_array();
    for (const service::ScrubFailure& failure : report.failed)
        json.begin_object().field("image_id", failure.image_id).field("reason", failure.reason).end_object();
    json.end_array();
}

}  // namespace

void write_scrub_run(JsonWriter& json, const catalog::ScrubRun& run) {
    json.begin_object();
    write_run_fields(json, run);
    json.field("images", run.images).field("bytes_freed", run.bytes_freed).field("failures", run.failures).end_object();
}

void write_scrub_progress(JsonWriter& json, const service::Scrubber::Progress& progress) {
    json.begin_object();
    write_run_fields(json, progress.run);
    json.field("done", progress.is_done);
    write_report_fields(json, progress.report);
    json.end_object();
}

void write_blocked_image(JsonWriter& json, const catalog::BlockedImage& blocked) {
    json.begin_object().field("image_id", blocked.id).field("name", blocked.name).field("reason", blocked.reason);
    json.key("by").begin_array();
    for (const std::string& holder : blocked.by) json.value(holder);
    json.end_array()
        .field("attempts", blocked.attempts)
        .field("next_attempt_at", format_timestamp(blocked.next_attempt_at))
        .end_object();
}

void write_scrub_plan(JsonWriter& json, const service::ScrubReport& report) {
    json.begin_object().field("dry_run", true);
    write_report_fields(json, report);
    json.end_object();
}

}  // namespace reprieve::api
