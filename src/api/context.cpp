#include "api/context.hpp"

namespace reprieve::api {

Caller caller_of(const http::Request&) { return {}; }

std::string base_url(const Context& context, const http::Request& request) {
    std::string address = context.config.server.public_url;
    if (address.empty()) return request.base_url();
    while (address.ends_with('/')) address.pop_back();
    return address;
}

}  // namespace reprieve::api
