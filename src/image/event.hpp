#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "image/caller.hpp"

namespace reprieve {

/// One entry of the audit trail: who did what, to which thing, when, from where, with what result. It never holds a
/// secret.
struct Event {
    static constexpr const char* done = "done";
    static constexpr const char* download = "image.download";

    std::int64_t number = 0;    ///< the catalog's key; grows with time; 0 before it is stored
    std::int64_t at = 0;        ///< microseconds since 1970 UTC
    std::string action;         ///< "image.delete": what it is about, and what was done
    std::string user;           ///< id; empty where nobody had signed in
    std::string user_name;      ///< for people
    std::string project;        ///< of the user's token
    std::string address;        ///< where it came from; empty for what the appliance does by itself
    std::string request;        ///< id of the request
    std::string target;         ///< id of the image, user, project, …; empty where it is about none
    std::string target_name;    ///< what the image is called now, where it still has that owner; in lists alone
    std::string owner;          ///< the project of that image: whose members may see the event
    std::string result = done;  ///< or the name of the kind of error
    std::string detail;         ///< what else there is to say
    std::uint64_t count = 1;    ///< how often: what comes again and again is one event

    bool is_refusal() const { return result != done; }
};

/// What `caller` did. `owner` is the project of the image; empty where `target` is none.
Event done_by(const Caller& caller, std::int64_t at_us, std::string action, std::string target, std::string owner = {},
              std::string detail = {});

/// What was refused to `caller`, and why.
Event refused_to(const Caller& caller, std::int64_t at_us, std::string action, std::string target, const Error& error);

/// The scrubber, as the one who does something.
Caller scrubber_caller();

/// Writes the event to the log. catalog::record_event does that too, so that there is one line an event.
void log_event(const Event& event);

/// What a list of events asks for: every filter that is set must hold. The newest come first.
struct EventQuery {
    /// Whose events may be seen: those about images of this project, and those of this user.
    struct Scope {
        std::string project, user;
    };
    std::optional<Scope> scope;  ///< nothing: all there are
    std::optional<std::string> target, user, owner, action;
    std::optional<std::string> result;          ///< "refused" is any but "done"
    std::optional<std::int64_t> since, until;   ///< microseconds; since is in it, until is not
    std::optional<std::int64_t> before_number;  ///< of the last event of the page before
    std::size_t limit = 25;
};

}  // namespace reprieve
