#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

namespace reprieve {

/// Reads a configuration file (TOML 1.0). A file has at most 1 MiB.
///
/// Throws one Error(bad_request) that lists all that is wrong, a line each, in the order of the file:
///     config.toml:12:1: trash.scrub_tme: unknown key; did you mean 'scrub_time'?
/// A mistake of TOML itself is reported alone, as what follows it cannot be trusted.
Config load_config(const std::string& file);

/// The same from a text; `file_name` is for the errors.
Config parse_config(std::string_view text, const std::string& file_name);

}  // namespace reprieve
