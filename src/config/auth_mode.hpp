#pragma once

#include "config/config.hpp"

namespace reprieve {

/// Way in which callers are authenticated.
enum class AuthMode {
    none,      ///< not at all: every caller is the admin
    local,     ///< by the users in this appliance's own catalog
    keystone,  ///< by a Keystone
};

/// Returns the mode in effect. The setting auth.mode = "auto" means `none` if server.listen is a loopback address, and
/// `local` otherwise. Throws bad_request if it is "auto" and server.listen is malformed.
AuthMode auth_mode(const Config& config);

/// Returns the name of the mode in the configuration.
const char* to_string(AuthMode mode);

/// Throws bad_request if the mode is `none` and server.listen is not a loopback address: anybody could connect.
void require_safe_listen(const Config& config);

}  // namespace reprieve
