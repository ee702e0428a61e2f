#pragma once

#include "api/context.hpp"
#include "http/router.hpp"

namespace reprieve::api {

/// The handler that `handle` becomes with the context in front: handle(context, request, response).
template <typename Handle>
http::Handler with_context(Context& context, Handle handle) {
    return [&context, handle](http::Request& request, http::Response& response) { handle(context, request, response); };
}

/// Every resource of the appliance; the tables are in the files named after them. `context` outlives the router.
void add_routes(http::Router& router, Context& context);

void add_version_routes(http::Router& router, Context& context);
void add_image_routes(http::Router& router, Context& context);
void add_image_data_routes(http::Router& router, Context& context);
void add_schema_routes(http::Router& router, Context& context);
void add_info_routes(http::Router& router, Context& context);
void add_trash_routes(http::Router& router, Context& context);
void add_scrubber_routes(http::Router& router, Context& context);
void add_check_routes(http::Router& router, Context& context);
void add_health_routes(http::Router& router, Context& context);

}  // namespace reprieve::api
