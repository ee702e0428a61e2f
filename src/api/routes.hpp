#pragma once

#include "api/context.hpp"
#include "api/json_writer.hpp"
#include "api/refusal.hpp"
#include "base/error.hpp"
#include "http/router.hpp"

namespace reprieve::api {

/// Runs `work` and adds the challenge to the answer where it throws unauthenticated.
template <typename Work>
void with_challenge(Context& context, http::Request& request, http::Response& response, Work work) {
    try {
        work();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::unauthenticated) add_challenge(context, request, response);
        throw;
    }
}

/// The handler of a route that is for whoever has signed in: handle(context, caller, request, response). Nothing of the
/// request is looked at before it is known who sends it.
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

/// The handler of a route that needs no sign-in: handle(context, request, response). Few do: discovery, health and
/// the sign-in itself.
template <typename Handle>
http::Handler for_everyone(Context& context, Handle handle) {
    return [&context, handle](http::Request& request, http::Response& response) {
        const auto run = [&] { handle(context, request, response); };
        with_challenge(context, request, response, [&] { note_refusals(context, nobody(request), request, run); });
    };
}

/// Every resource of the appliance; the tables are in the files named after them. `context` outlives the router.
void add_routes(http::Router& router, Context& context);

void add_version_routes(http::Router& router, Context& context);
void add_identity_routes(http::Router& router, Context& context);
void add_image_routes(http::Router& router, Context& context);
void add_image_data_routes(http::Router& router, Context& context);
/// What every answer to a request of a protocol says, whoever gives it.
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
