#pragma once

#include "api/json_writer.hpp"
#include "service/bin/scrubber.hpp"

namespace reprieve::api {

/// Writes {"id", "trigger", "started_at", "ended_at", "images", "bytes_freed", "failures"}
void write_scrub_run(JsonWriter& json, const catalog::ScrubRun& run);

/// Writes a pass that a client requested: its run, and the images that it scrubbed or could not scrub.
void write_scrub_progress(JsonWriter& json, const service::Scrubber::Progress& progress);

/// Writes an image whose bytes could not be removed: {"image_id", "name", "reason", "by", "attempts",
/// "next_attempt_at"}
void write_blocked_image(JsonWriter& json, const catalog::BlockedImage& blocked);

/// Writes the result of a dry run.
void write_scrub_plan(JsonWriter& json, const service::ScrubReport& report);

}  // namespace reprieve::api
