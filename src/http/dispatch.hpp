#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "http/router.hpp"
#include "http/wire/message.hpp"

namespace reprieve::http {

/// Function that checks each request with a valid head and query, before its route is found. It throws Error to refuse
/// the request, for example because of its Host or Origin. Headers that the gate sets stay in the answer, also if the
/// gate or the handler then throws Error. Any worker thread may call it.
using Gate = std::function<void(const Request&, Response&)>;

/// The parts that dispatch() needs. All references must outlive it.
struct DispatchContext {
    const Router& router;
    const Gate& gate;
    std::size_t max_request_body;  ///< bytes; limit for a body that no handler reads (BodyRule::ignore)
};

/// Runs a request: calls the gate, finds the route, applies the route's BodyRule and calls the handler. Turns their
/// exceptions into an answer. Replaces an answer that must not be sent (a header with a line end, a status outside 200
/// to 599) by an answer with the status 500.
/// Returns the text of an internal failure, for the log only; empty if there was none. Never throws.
std::string dispatch(const DispatchContext& context, Request& request, Response& response);

/// Writes the answer for `error` into `response`. Returns the text for the log if the error is internal, since the
/// client is not told that text; otherwise returns an empty string.
std::string answer_failure(const Error& error, const Request& request, Response& response);

/// Returns true for 204 and 304, whose answers never have a body (RFC 9110, 6.4.1).
bool is_bodyless(int status);

}  // namespace reprieve::http
