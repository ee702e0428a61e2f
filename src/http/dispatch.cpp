#include "http/dispatch.hpp"

#include <algorithm>
#include <array>

#include "base/ascii_case.hpp"
#include "http/error_status.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::http {
namespace {

void drop_body(Body& body, std::size_t limit) {
    const auto too_large = [&] {
        throw Error(ErrorKind::too_large, "The request's body is larger than " + std::to_string(limit) + " bytes.");
    };
    if (body.length().value_or(0) > limit) too_large();
    body.start_deadline();
    std::array<std::byte, 16384> dropped;
    std::size_t total = 0;
    while (const std::size_t count = body.read(dropped)) {
        total += count;
        if (total > limit) too_large();
    }
}

void refuse_body(Body& body) {
    std::array<std::byte, 1> one;
    body.start_deadline();
    if (body.length().value_or(0) > 0 || (!body.length() && body.read(one) > 0))
        throw Error(ErrorKind::bad_request, "This request takes no body.");
}

void route(const DispatchContext& context, Request& request, Response& response) {
    if (context.gate) context.gate(request, response);
    Router::Match match = context.router.find(request.method, request.path);
    if (match.route == nullptr) {
        response.set_header("Allow", match.allow);
        throw Error(ErrorKind::method_not_allowed, "This path takes " + match.allow + ", not " + request.method + ".");
    }
    request.captures = std::move(match.captures);
    request.route = match.route->pattern;
    if (match.route->body == BodyRule::none) refuse_body(*request.body);
    if (match.route->body == BodyRule::ignore) drop_body(*request.body, context.max_request_body);
    match.route->handler(request, response);
}

/// Returns true for a header that describes the body. Such a header is dropped when an error replaces the body.
bool is_about_body(std::string_view name) {
    constexpr std::array<std::string_view, 7> names{"content-type",  "content-range", "content-disposition", "etag",
                                                    "accept-ranges", "last-modified", "content-md5"};
    return std::ranges::any_of(names, [&](std::string_view other) { return equals_ignoring_case(name, other); });
}

/// Throws internal if the answer must not be sent, because a header or the status is malformed.
void check(const Response& response) {
    for (const auto& [name, value] : response.headers)
        if (!is_token(name) || !is_field_value(value))
            throw Error(ErrorKind::internal, "the handler set a malformed header: " + name);
    if (!is_field_value(response.content_type)) throw Error(ErrorKind::internal, "malformed Content-Type");
    if (response.status < 200 || response.status > 599)
        throw Error(ErrorKind::internal, "the handler set the status " + std::to_string(response.status));
}

}  // namespace

bool is_bodyless(int status) { return status == 204 || status == 304; }

std::string answer_failure(const Error& error, const Request& request, Response& response) {
    answer_error(error, request, response);
    return error.kind() == ErrorKind::internal ? error.what() : std::string();
}

std::string dispatch(const DispatchContext& context, Request& request, Response& response) {
    std::string failure;
    try {
        try {
            route(context, request, response);
        } catch (const Error& error) {
            // The Content-Range of a 416 tells the client the full length (RFC 9110, 15.5.17).
            const bool is_range_error = error.kind() == ErrorKind::range_not_satisfiable;
            std::erase_if(response.headers, [&](const auto& field) {
                return is_about_body(field.first) &&
                       !(is_range_error && equals_ignoring_case(field.first, "content-range"));
            });
            failure = answer_failure(error, request, response);
        }
        check(response);
        return failure;
    } catch (const std::exception& error) {
        failure = error.what();
    } catch (...) {
        failure = "an exception that is not a std::exception";
    }
    response.headers.clear();
    answer_error(Error(ErrorKind::internal, failure), request, response);
    return failure;
}

}  // namespace reprieve::http
