#include "api/context.hpp"

namespace reprieve::api {

Caller caller_of(const http::Request&) { return {}; }

std::string base_url(const Context& context, const http::Request& request) {
    const std::string& configured = context.config.server.public_url;
    return configured.empty() ? request.base_url() : configured;
}

}  // namespace reprieve::api
