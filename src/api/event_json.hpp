#pragma once

#include <vector>

#include "api/json_writer.hpp"
#include "image/event.hpp"

namespace reprieve::api {

/// Writes the events as an array, in the form of GET /api/events.
void write_events(JsonWriter& json, const std::vector<Event>& events);

}  // namespace reprieve::api
