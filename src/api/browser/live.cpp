#include "api/browser/live_feed.hpp"
#include "api/routes.hpp"
#include "identity/authenticator.hpp"

// Server-sent events (HTML standard, 9.2). The web page listens to them, so that it requests only data that has
// changed.

namespace reprieve::api {
namespace {

/// Returns a function that authenticates the sender of the request again. It throws if the credentials are no longer
/// valid, or cannot be checked now.
std::function<void()> check_of(const Context& context, const http::Request& request) {
    const auto credentials = credentials_of(context, request);
    return [&context, token = std::string(credentials.token), session = std::string(credentials.session),
            service = std::string(credentials.service_token), is_admin_socket = credentials.is_admin_socket] {
        context.authenticator.authenticate(
            {.token = token, .session = session, .service_token = service, .is_admin_socket = is_admin_socket});
    };
}

void listen(Context& context, const Caller& caller, http::Request& request, http::Response& response) {
    response.content_type = "text/event-stream";
    response.set_header("Cache-Control", "no-store");
    response.set_header("X-Accel-Buffering", "no");  // otherwise nginx would buffer the events
    if (request.is_head) return;
    const auto stream = std::make_shared<http::EventStream>();
    stream->send("retry: 2000\n\n");
    context.live.join(stream, caller.address, check_of(context, request));
    response.stream = stream;
}

}  // namespace

void add_live_routes(http::Router& router, Context& context) {
    router.add({"GET", "/api/live", http::BodyRule::none, for_caller(context, listen)});
}

}  // namespace reprieve::api
