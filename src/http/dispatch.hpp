#pragma once

#include <string>

#include "http/exchange.hpp"

namespace reprieve::http {

/// Runs gate, route, body rule and handler, and turns what they throw into an answer. Makes sure that the
/// answer can be sent as it is: no header that could split it, no body where the status allows none.
/// Returns what went wrong inside, for the log alone. Never throws.
std::string dispatch(const ExchangeContext& context, Request& request, Response& response);

/// Answers `error` and returns the text for the log: empty where the client was told all of it.
std::string answer_failure(const Error& error, const Request& request, Response& response);

/// True for a status that never comes with a body (RFC 9110, 6.4.1).
bool is_bodyless(int status);

}  // namespace reprieve::http
