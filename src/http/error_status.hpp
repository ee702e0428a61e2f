#pragma once

#include <string>

#include "base/error.hpp"
#include "http/wire/message.hpp"

namespace reprieve::http {

/// Returns the HTTP status of an error kind. No other code maps kinds to statuses.
int status_of(ErrorKind kind);

/// Returns the status with its reason, such as "404 Not Found"; "500 Internal Server Error" for an unknown status.
std::string reason_of(int status);

/// Writes the status and the body of an error answer, in the shape that Glance's clients parse:
/// {"message": …, "code": "404 Not Found", "title": "Not Found"}. A glanceclient that did not ask for JSON cannot read
/// this JSON, so it gets the text "404 Not Found: …".
/// Paths under /v3 get Keystone's shape: {"error": {"code": 404, "message": …, "title": "Not Found"}}.
/// For an error of the kind internal, the message contains only the request's id, not the text of the error. Answers
/// with 423, 429 and 503 get the header Retry-After in seconds (RFC 9110, 10.2.3). Headers that are already set stay.
void answer_error(const Error& error, const Request& request, Response& response);

}  // namespace reprieve::http
