#pragma once

#include "api/context.hpp"
#include "base/error.hpp"

namespace reprieve::api {

/// Returns a caller without user, project and roles, for a request whose sender is not known yet.
Caller nobody(const http::Request& request);

/// Notes in the audit trail that a request was refused, and why. Ignores a GET, except a download of image data that
/// was refused as unauthenticated, forbidden or not_found. The event has the action that a success would record, or
/// the method and the pattern of the route if it has no such action.
void note_refusal(Context& context, const Caller& caller, const http::Request& request, const Error& error);

/// Runs `work`, the work of a request. If `work` throws Error, calls note_refusal() and rethrows. `work` may change the
/// object that `caller` refers to, for example after it has authenticated the sender.
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
