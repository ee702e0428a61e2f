#pragma once

#include <string>

#include "config/config.hpp"

namespace reprieve {

/// Returns every setting with its value in effect, as TOML with a short comment on each. parse_config() reads it back
/// into an equal Config, except secrets: a secret that is set is shown as "********".
std::string print_config(const Config& config);

}  // namespace reprieve
