#include "config/auth_mode.hpp"

#include "base/error.hpp"
#include "config/listen_address.hpp"

namespace reprieve {

AuthMode auth_mode(const Config& config) {
    if (config.auth.mode == "none") return AuthMode::none;
    if (config.auth.mode == "local") return AuthMode::local;
    if (config.auth.mode == "keystone") return AuthMode::keystone;
    return parse_listen_address(config.server.listen).is_loopback ? AuthMode::none : AuthMode::local;
}

const char* to_string(AuthMode mode) {
    switch (mode) {
        case AuthMode::none:
            return "none";
        case AuthMode::local:
            return "local";
        case AuthMode::keystone:
            return "keystone";
    }
    return "";
}

void require_safe_listen(const Config& config) {
    if (auth_mode(config) != AuthMode::none || parse_listen_address(config.server.listen).is_loopback) return;
    throw Error(ErrorKind::bad_request,
                "refusing to listen on " + config.server.listen +
                    ": auth.mode is \"none\", which lets everybody in as the admin, so only loopback is safe; set "
                    "auth.mode to \"local\", or listen on 127.0.0.1 behind a proxy that authenticates");
}

}  // namespace reprieve
