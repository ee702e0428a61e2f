#include "api/event_json.hpp"

#include "base/timestamp.hpp"

namespace reprieve::api {

void write_events(JsonWriter& json, const std::vector<Event>& events) {
    json.begin_array();
    for (const Event& event : events) {
        json.begin_object()
            .field("id", event.number)
            .field("at", format_timestamp(event.at))
            .field("action", event.action)
            .field("user", event.user)
            .field("user_name", event.user_name)
            .field("project", event.project)
            .field("address", event.address)
            .field("request", event.request)
            .field("target", event.target)
            .field("target_name", event.target_name)
            .field("owner", event.owner)
            .field("result", event.result)
            .field("detail", event.detail)
            .field("count", event.count)
            .end_object();
    }
    json.end_array();
}

}  // namespace reprieve::api
