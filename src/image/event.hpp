#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "image/caller.hpp"

namespace reprieve {

/// One entry of the audit trail: who did what to which object, when, from where, and with what result. It never
/// contains a secret.
struct Event {
    static constexpr const char* done = "done";  ///< `result` of a completed action
    static constexpr const char* download = "image.download";

    std::int64_t number = 0;    ///< key in the catalog; grows with time; 0 before the event is stored
    std::int64_t at = 0;        ///< microseconds since 1970 UTC
    std::string action;         ///< kind of object and what was done: "image.delete"
    std::string user;           ///< id of the user; empty if nobody had signed in
    std::string user_name;      ///< name of the user
    std::string project;        ///< id of the project for which the user's token is valid
    std::string address;        ///< address of the client; empty for actions of the appliance itself
    std::string request;        ///< id of the request
    std::string target;         ///< id of the image, user, project, …; empty if there is none
    std::string target_name;    ///< current name of the image, if `owner` still owns it; set only in lists of events
    std::string owner;          ///< id of the project that owns the image; the project's users may see the event
    std::string result = done;  ///< `done`, or the name of the ErrorKind with which the action failed
    std::string detail;         ///< further information for a person
    std::uint64_t count = 1;    ///< number of equal refusals or downloads that this event stands for

    bool is_refusal() const { return result != done; }
};

/// Returns the event of a completed action of `caller`. `owner` is the project that owns the image `target`; empty if
/// `target` is not an image.
Event done_by(const Caller& caller, std::int64_t at_us, std::string action, std::string target, std::string owner = {},
              std::string detail = {});

/// Returns the event of an action of `caller` that failed with `error`. Leaves out the message of an error of kind
/// internal.
Event refused_to(const Caller& caller, std::int64_t at_us, std::string action, std::string target, const Error& error);

/// Returns the caller to use in events of the scrubber, which acts for no user.
Caller scrubber_caller();

/// Writes the event to the log. Do not call this function for an event that is passed to catalog::record_event(),
/// because that function logs the event itself.
void log_event(const Event& event);

/// Query of a list of events. An event must match every filter that is set. The newest events come first.
struct EventQuery {
    /// Events that a caller may see: events about images of the project with the id `project`, and actions of the user
    /// with the id `user`.
    struct Scope {
        std::string project, user;
    };
    std::optional<Scope> scope;  ///< nullopt: the caller may see all events
    std::optional<std::string> target, user, owner, action;
    std::optional<std::string> result;          ///< as Event::result; "refused" matches all except "done"
    std::optional<std::int64_t> since, until;   ///< microseconds since 1970 UTC; `since` is inclusive, `until` is not
    std::optional<std::int64_t> before_number;  ///< number of the last event of the previous page
    std::size_t limit = 25;                     ///< maximum events to return
};

}  // namespace reprieve
