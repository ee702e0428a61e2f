#pragma once

#include <string>

#include "config/config.hpp"

namespace reprieve {

/// Every setting with its value in effect, as TOML that parse_config() reads back into an equal Config.
std::string print_config(const Config& config);

}  // namespace reprieve
