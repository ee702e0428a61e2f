#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "http/router.hpp"
#include "http/wire/message.hpp"

namespace reprieve::http {

/// Runs before the route of every request; throws Error to refuse it (Host, Origin). The headers that it sets are on
/// every answer, also where no handler gives it.
using Gate = std::function<void(const Request&, Response&)>;

/// What requests are dispatched by.
struct DispatchContext {
    const Router& router;
    const Gate& gate;
    std::size_t max_request_body;  ///< of a body that no handler reads (BodyRule::ignore)
};

/// Runs gate, route, body rule and handler, and turns what they throw into an answer. Makes sure that the
/// answer can be sent as it is: no header that could split it, no body where the status allows none.
/// Returns what went wrong inside, for the log alone. Never throws.
std::string dispatch(const DispatchContext& context, Request& request, Response& response);

/// Answers `error` and returns the text for the log: empty where the client was told all of it.
std::string answer_failure(const Error& error, const Request& request, Response& response);

/// True for a status that never comes with a body (RFC 9110, 6.4.1).
bool is_bodyless(int status);

}  // namespace reprieve::http
