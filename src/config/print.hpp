#pragma once

#include <string>

#include "config/config.hpp"

namespace reprieve {

/// Returns every setting with its value in `config`, as TOML with a short comment on each. parse_config() turns the
/// text into an equal Config, except for secrets: a secret that is set is shown as "********".
std::string print_config(const Config& config);

}  // namespace reprieve
