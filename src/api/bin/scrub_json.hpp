#pragma once

#include "api/json_writer.hpp"
#include "service/bin/scrubber.hpp"

namespace reprieve::api {

/// {"id", "trigger", "started_at", "ended_at", "images", "bytes_freed", "failures"}
void write_scrub_run(JsonWriter& json, const catalog::ScrubRun& run);

/// A pass that was asked for: its run, and which images it took or could not.
void write_scrub_progress(JsonWriter& json, const service::Scrubber::Progress& progress);

/// An image whose bytes could not be removed: {"image_id", "reason", "attempts", "next_attempt_at"}
void write_blocked_image(JsonWriter& json, const catalog::BlockedImage& blocked);

/// What a dry run says.
void write_scrub_plan(JsonWriter& json, const service::ScrubReport& report);

}  // namespace reprieve::api
