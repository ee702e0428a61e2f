#include "http/error_status.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"

namespace reprieve::http {
namespace {

// Retry-After in seconds, if the error names no time. An overload, too many transfers at a time, or a short outage of a
// store is usually over after a few seconds.
constexpr int usual_wait_s = 5;

struct Reason {
    int status;
    std::string_view text;
};

// Sources: RFC 9110, 15; RFC 6585; RFC 4918, 11.3.
constexpr std::array reasons{
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{300, "Multiple Choices"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{416, "Range Not Satisfiable"},
    Reason{417, "Expectation Failed"},
    Reason{421, "Misdirected Request"},
    Reason{422, "Unprocessable Content"},
    Reason{423, "Locked"},
    Reason{428, "Precondition Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{460, "Checksum Mismatch"},  // tus 1.0.0, checksum extension
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{507, "Insufficient Storage"},
};

const Reason& find_reason(int status) {
    const auto found = std::ranges::find(reasons, status, &Reason::status);
    return found == reasons.end() ? *std::ranges::find(reasons, 500, &Reason::status) : *found;
}

/// Returns true if the client needs the error as plain text: a glanceclient that did not ask for JSON. It cannot read a
/// JSON error with a member that is not an object, and Glance's JSON errors have such members. Glance never sends it
/// one: glanceclient sends "Accept: */*", and Glance then answers with an HTML page. glanceclient shows the same
/// message for a plain text as for that page.
bool reads_text_alone(const Request& request) {
    return request.header("user-agent").find("glanceclient") != std::string_view::npos &&
           request.header("accept").find("json") == std::string_view::npos;
}

/// Returns true for a path of the Identity API, whose clients expect errors in another shape.
bool is_identity_path(std::string_view path) { return path == "/v3" || path.starts_with("/v3/"); }

}  // namespace

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::bad_request:
            return 400;
        case ErrorKind::unauthenticated:
            return 401;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::method_not_allowed:
            return 405;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::in_use:
            return 409;
        case ErrorKind::gone:
            return 410;
        case ErrorKind::too_large:
            return 413;
        case ErrorKind::uri_too_long:
            return 414;
        case ErrorKind::headers_too_large:
            return 431;
        case ErrorKind::precondition_failed:
            return 412;
        case ErrorKind::locked:
            return 423;
        case ErrorKind::checksum_mismatch:
            return 460;
        case ErrorKind::unsupported_media:
            return 415;
        case ErrorKind::range_not_satisfiable:
            return 416;
        case ErrorKind::misdirected:
            return 421;
        case ErrorKind::timeout:
            return 408;
        case ErrorKind::disconnected:
            return 400;
        case ErrorKind::too_many_requests:
            return 429;
        case ErrorKind::storage_full:
            return 413;  // status with which Glance answers if a store is full
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::internal:
            return 500;
    }
    return 500;
}

std::string reason_of(int status) {
    const Reason& reason = find_reason(status);
    return std::to_string(reason.status) + " " + std::string(reason.text);
}

void answer_error(const Error& error, const Request& request, Response& response) {
    const int status = status_of(error.kind());
    const std::string message = error.kind() == ErrorKind::internal
                                    ? "The server failed on request " + request.id + ". Its log says why."
                                    : std::string(error.what());
    response.status = status;
    if (status == 423 || status == 429 || status == 503) {
        const int wait_s = error.wait_s() > 0 ? error.wait_s() : usual_wait_s;
        response.set_header("Retry-After", std::to_string(wait_s));
    }
    response.content = nullptr;
    response.content_length = 0;
    const bool is_identity = is_identity_path(request.path);
    if (!is_identity && reads_text_alone(request)) {
        response.content_type = "text/plain; charset=utf-8";
        response.body = reason_of(status) + (utf8_length(message) ? ": " + message : std::string());
        return;
    }
    response.content_type = "application/json";
    nlohmann::ordered_json body = {
        {"message", message}, {"code", reason_of(status)}, {"title", find_reason(status).text}};
    if (is_identity) {
        body["code"] = status;
        body = nlohmann::ordered_json{{"error", body}};
    }
    // A message can quote bytes that a client sent. Replace those that are not valid UTF-8.
    response.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace reprieve::http
