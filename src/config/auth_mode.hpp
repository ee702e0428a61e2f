#pragma once

#include "config/config.hpp"

namespace reprieve {

/// Who is let in, and who says so.
enum class AuthMode {
    none,      ///< everybody is the admin
    local,     ///< the users of this appliance's own catalog
    keystone,  ///< a Keystone
};

/// The mode that auth.mode means for where server.listen is: "auto" is none on loopback and local beyond.
AuthMode auth_mode(const Config& config);

/// As the configuration writes it.
const char* to_string(AuthMode mode);

/// Throws bad_request where `config` would let anybody in from beyond loopback.
void require_safe_listen(const Config& config);

}  // namespace reprieve
