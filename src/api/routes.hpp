#pragma once

#include "api/context.hpp"
#include "api/json_writer.hpp"
#include "api/refusal.hpp"
#include "base/error.hpp"
#include "http/router.hpp"

namespace reprieve::api {

/// Runs `work`. If `work` throws unauthenticated, calls add_challenge() for the answer and rethrows.
template <typename Work>
void with_challenge(Context& context, http::Request& request, http::Response& response, Work work) {
    try {
        work();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::unauthenticated) add_challenge(context, request, response);
        throw;
    }
}

/// Returns a handler for a route that needs a sign-in. It authenticates the sender first, then calls
/// handle(context, caller, request, response). The handler throws what caller_of() and `handle` throw, and notes
/// refusals in the audit trail. `context` must outlive the handler.
template <typename Handle>
http::Handler for_caller(Context& context, Handle handle) {
    return [&context, handle](http::Request& request, http::Response& response) {
        Caller caller = nobody(request);
        const auto run = [&] {
            caller = caller_of(context, request);
            handle(context, caller, request, response);
        };
        with_challenge(context, request, response, [&] { note_refusals(context, caller, request, run); });
    };
}

/// Returns a handler for a route that needs no sign-in: discovery, health, or the sign-in itself. The handler calls
/// handle(context, request, response), and notes refusals in the audit trail. `context` must outlive the handler.
template <typename Handle>
http::Handler for_everyone(Context& context, Handle handle) {
    return [&context, handle](http::Request& request, http::Response& response) {
        const auto run = [&] { handle(context, request, response); };
        with_challenge(context, request, response, [&] { note_refusals(context, nobody(request), request, run); });
    };
}

/// Registers every route of the appliance. Each function below registers the routes of one source file:
/// add_tus_routes() registers the routes of tus.cpp. `context` must outlive the router.
void add_routes(http::Router& router, Context& context);

void add_version_routes(http::Router& router, Context& context);
void add_identity_routes(http::Router& router, Context& context);
void add_image_routes(http::Router& router, Context& context);
void add_image_data_routes(http::Router& router, Context& context);
/// Adds the header Tus-Resumable to every answer for a path of tus, also to a refusal, as tus 1.0.0 demands. The
/// server calls it before it looks for the route.
void set_protocol_headers(const http::Request& request, http::Response& response);
void add_tus_routes(http::Router& router, Context& context);
void add_member_routes(http::Router& router, Context& context);
void add_schema_routes(http::Router& router, Context& context);
void add_info_routes(http::Router& router, Context& context);
void add_store_routes(http::Router& router, Context& context);
void add_trash_routes(http::Router& router, Context& context);
void add_scrubber_routes(http::Router& router, Context& context);
void add_check_routes(http::Router& router, Context& context);
void add_event_routes(http::Router& router, Context& context);
void add_session_routes(http::Router& router, Context& context);
void add_health_routes(http::Router& router, Context& context);
void add_status_routes(http::Router& router, Context& context);
void add_live_routes(http::Router& router, Context& context);
void add_web_page_routes(http::Router& router, Context& context);

}  // namespace reprieve::api
