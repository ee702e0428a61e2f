#pragma once

#include "config/config.hpp"

namespace reprieve {

/// Way in which callers are authenticated.
enum class AuthMode {
    none,      ///< callers are not authenticated: every caller is the admin
    local,     ///< callers sign in as users that this appliance's own catalog stores
    keystone,  ///< callers have tokens of a Keystone server
};

/// Returns the mode in effect. The setting auth.mode = "auto" means `none` if server.listen is a loopback address, and
/// `local` otherwise. Throws bad_request if it is "auto" and server.listen is malformed.
AuthMode auth_mode(const Config& config);

/// Returns the name that the setting auth.mode has for the mode.
const char* to_string(AuthMode mode);

/// Throws bad_request if the mode in effect is `none` and server.listen is not a loopback address, because anybody
/// could then connect as the admin.
void require_safe_listen(const Config& config);

}  // namespace reprieve
