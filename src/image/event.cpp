#include "image/event.hpp"

#include <utility>

#include "base/log.hpp"

namespace reprieve {

Event done_by(const Caller& caller, std::int64_t at_us, std::string action, std::string target, std::string owner,
              std::string detail) {
    Event event;
    event.at = at_us;
    event.action = std::move(action);
    event.user = caller.user;
    event.user_name = caller.user_name;
    event.project = caller.project;
    event.address = caller.address;
    event.request = caller.request;
    event.target = std::move(target);
    event.owner = std::move(owner);
    event.detail = std::move(detail);
    return event;
}

Event refused_to(const Caller& caller, std::int64_t at_us, std::string action, std::string target, const Error& error) {
    // The details of an internal error go only to the log.
    const bool is_ours = error.kind() == ErrorKind::internal;
    Event event =
        done_by(caller, at_us, std::move(action), std::move(target), {}, is_ours ? "an internal error" : error.what());
    event.result = to_string(error.kind());
    return event;
}

Caller scrubber_caller() {
    return {.user = "scrubber", .user_name = "scrubber", .project = "", .address = "", .request = ""};
}

void log_event(const Event& event) {
    const LogFields fields = {{"target", event.target},   {"by", event.user},         {"name", event.user_name},
                              {"project", event.project}, {"address", event.address}, {"request", event.request},
                              {"result", event.result},   {"detail", event.detail},   {"count", event.count}};
    if (event.is_refusal())
        log_warning(event.action, fields);
    else
        log_info(event.action, fields);
}

}  // namespace reprieve
