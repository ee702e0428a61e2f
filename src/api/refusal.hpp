#pragma once

#include "api/context.hpp"
#include "base/error.hpp"

namespace reprieve::api {

/// Whoever sends a request, before it is known.
Caller nobody(const http::Request& request);

/// Notes in the audit trail that a request was refused which would have changed something, or downloaded an image that
/// is not for the caller, and why. The action is that of what is recorded where it succeeds; for a route without such
/// an action, its method and pattern.
void note_refusal(Context& context, const Caller& caller, const http::Request& request, const Error& error);

/// Runs the work of a request; what it throws goes through the above. `caller` is looked at only then.
template <typename Work>
void note_refusals(Context& context, const Caller& caller, const http::Request& request, Work work) {
    try {
        work();
    } catch (const Error& error) {
        note_refusal(context, caller, request, error);
        throw;
    }
}

}  // namespace reprieve::api
