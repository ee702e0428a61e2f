#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

namespace reprieve {

/// Reads a configuration file (TOML 1.0) of at most 1 MiB. Settings that the file does not set have their default.
///
/// Throws bad_request if the file cannot be read. Throws one bad_request for all problems in it: one line for each, in
/// the order of the file, at most 100 of them:
///     config.toml:12:1: trash.scrub_tme: unknown key; did you mean 'scrub_time'?
/// A syntax error of TOML is reported alone, because the text after it cannot be interpreted reliably.
Config load_config(const std::string& file);

/// Does the same for the text of a file; errors begin with `file_name`.
Config parse_config(std::string_view text, const std::string& file_name);

}  // namespace reprieve
