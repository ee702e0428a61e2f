#pragma once

#include <string>

#include "base/error.hpp"
#include "http/wire/message.hpp"

namespace reprieve::http {

/// The one table, kind → HTTP status.
int status_of(ErrorKind kind);

/// "404 Not Found", for a status of the table; "500 Internal Server Error" for an unknown one.
std::string reason_of(int status);

/// Fills in status and body in the shape that Glance's clients parse:
/// {"message": …, "code": "404 Not Found", "title": "Not Found"}; or "404 Not Found: …" as text for glanceclient,
/// which cannot read that. internal shows no more than that it happened and the request's id.
/// Under /v3 it is Keystone's shape: {"error": {"code": 404, "message": …, "title": "Not Found"}}.
/// 429 and 503 come with Retry-After (RFC 9110, 10.2.3).
void answer_error(const Error& error, const Request& request, Response& response);

}  // namespace reprieve::http
