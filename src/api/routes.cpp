#include "api/routes.hpp"

namespace reprieve::api {

void add_routes(http::Router& router, Context& context) {
    add_version_routes(router, context);
    add_identity_routes(router, context);
    add_image_routes(router, context);
    add_image_data_routes(router, context);
    add_tus_routes(router, context);
    add_member_routes(router, context);
    add_schema_routes(router, context);
    add_info_routes(router, context);
    add_store_routes(router, context);
    add_trash_routes(router, context);
    add_scrubber_routes(router, context);
    add_check_routes(router, context);
    add_event_routes(router, context);
    add_session_routes(router, context);
    add_health_routes(router, context);
    add_status_routes(router, context);
    add_live_routes(router, context);
    add_web_page_routes(router, context);
}

}  // namespace reprieve::api
