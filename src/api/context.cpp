#include "api/context.hpp"

#include "api/session_cookie.hpp"
#include "base/error.hpp"
#include "config/config.hpp"
#include "identity/authenticator.hpp"
#include "identity/keystone/keystone_sign_in.hpp"
#include "service/images/stores.hpp"

namespace reprieve::api {

identity::Credentials credentials_of(const Context& context, const http::Request& request) {
    identity::Credentials credentials{.token = request.header("x-auth-token"),
                                      .session = {},
                                      .service_token = request.header("x-service-token"),
                                      .is_admin_socket = request.is_admin_socket};
    if (!credentials.token.empty() || request.is_admin_socket || !context.authenticator.is_needed()) return credentials;
    credentials.session = session_token(request);
    // If these headers are present, OriginGate has already compared them with our own address.
    const bool says_from_where = !request.header("origin").empty() || !request.header("sec-fetch-site").empty();
    if (!credentials.session.empty() && request.method != "GET" && !says_from_where)
        throw Error(ErrorKind::forbidden,
                    "a change with the session cookie needs the header Origin: send it, or send an X-Auth-Token");
    return credentials;
}

Caller caller_of(const Context& context, const http::Request& request) {
    Caller caller = context.authenticator.authenticate(credentials_of(context, request));
    caller.address = request.peer;
    caller.request = request.id;
    return caller;
}

std::string base_url(const Context& context, const http::Request& request) {
    const bool is_own = request.is_admin_socket || !context.config.server.public_url.empty();
    return is_own ? context.own_url() : request.base_url();
}

std::string chosen_store(const Context& context, const http::Request& request) {
    std::string name(request.header("x-image-meta-store"));
    if (!name.empty() && !context.stores.contains(name))
        throw Error(ErrorKind::bad_request, "there is no store '" + name + "': GET /v2/info/stores lists them");
    return name;
}

void add_challenge(const Context& context, const http::Request& request, http::Response& response) {
    const std::string address =
        context.keystone != nullptr ? context.keystone->url() : base_url(context, request) + "/v3";
    response.set_header("WWW-Authenticate", "Keystone uri=\"" + address + "\"");
}

}  // namespace reprieve::api
