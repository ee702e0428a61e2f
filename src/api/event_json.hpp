#pragma once

#include <vector>

#include "api/json_writer.hpp"
#include "image/event.hpp"

namespace reprieve::api {

/// An array of the events, as GET /api/events shows them.
void write_events(JsonWriter& json, const std::vector<Event>& events);

}  // namespace reprieve::api
