#pragma once

#include "api/json_writer.hpp"
#include "service/bin/scrubber.hpp"

namespace reprieve::api {

/// Writes a pass of the scrubber: {"id", "trigger", "started_at", "ended_at", "images", "bytes_freed", "failures"}.
void write_scrub_run(JsonWriter& json, const catalog::ScrubRun& run);

/// Writes a pass of the scrubber that a client requested, with the images that the pass scrubbed or could not scrub.
void write_scrub_progress(JsonWriter& json, const service::Scrubber::Progress& progress);

/// Writes an image whose bytes could not be removed: {"image_id", "name", "reason", "by", "attempts",
/// "next_attempt_at"}.
void write_blocked_image(JsonWriter& json, const catalog::BlockedImage& blocked);

/// Writes the result of a dry run: the images that a pass of the scrubber would scrub now.
void write_scrub_plan(JsonWriter& json, const service::ScrubReport& report);

}  // namespace reprieve::api
