#include <algorithm>
#include <limits>

#include "api/event_json.hpp"
#include "api/list_query.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"
#include "base/timestamp.hpp"
#include "config/config.hpp"
#include "http/wire/decimal.hpp"
#include "image/access.hpp"
#include "service/operation/audit_trail.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

[[noreturn]] void refuse_parameter(std::string_view parameter, const std::string& expected) {
    throw Error(ErrorKind::bad_request, "the parameter '" + std::string(parameter) + "' must be " + expected);
}

std::int64_t read_time(std::string_view name, std::string_view text) {
    const auto time = parse_timestamp(text);
    if (!time) refuse_parameter(name, "a time such as 2026-11-23T07:00:00Z");
    return *time;
}

std::uint64_t read_count(std::string_view name, std::string_view text) {
    const auto number = http::parse_decimal(text);
    if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        refuse_parameter(name, "a whole number that is not negative");
    return *number;
}

EventQuery parse_event_query(const http::Fields& parameters, const Config::Limits& limits) {
    EventQuery query;
    query.limit = limits.page_default;
    for (const auto& [name, text] : parameters) {
        if (name == "limit")
            query.limit = std::min(read_count(name, text), limits.page_max);
        else if (name == "marker")
            query.before_number = static_cast<std::int64_t>(read_count(name, text));
        else if (name == "image" || name == "target")
            query.target = text;
        else if (name == "user")
            query.user = text;
        else if (name == "owner")
            query.owner = text;
        else if (name == "action")
            query.action = text;
        else if (name == "result")
            query.result = text;
        else if (name == "since")
            query.since = read_time(name, text);
        else if (name == "until")
            query.until = read_time(name, text);
        else
            throw Error(ErrorKind::bad_request,
                        "events have no parameter '" + name +
                            "': use limit, marker, image, target, user, owner, action, result, since or until");
    }
    return query;
}

void list_events(Context& context, const Caller& caller, Request& request, Response& response) {
    EventQuery query = parse_event_query(request.query, context.config.limits);
    const std::size_t limit = query.limit;
    std::vector<Event> events;
    bool has_next = false;
    require(caller, Action::see_events);
    if (limit > 0) {
        ++query.limit;  // one more than the page holds, to see whether another page follows
        events = context.audit.list(caller, query);
        has_next = events.size() > limit;
        if (has_next) events.resize(limit);
    }
    JsonWriter json;
    json.begin_object().key("events");
    write_events(json, events);
    const auto link = [&](const std::string& marker) {
        const std::string parameters = page_query(request.query, marker);
        return "/api/events" + (parameters.empty() ? "" : "?" + parameters);
    };
    json.field("first", link(""));
    if (has_next) json.field("next", link(std::to_string(events.back().number)));
    response.body = json.end_object().take();
}

}  // namespace

void add_event_routes(http::Router& router, Context& context) {
    router.add({"GET", "/api/events", BodyRule::none, for_caller(context, list_events)});
}

}  // namespace reprieve::api
