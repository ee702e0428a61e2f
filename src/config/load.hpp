#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

namespace reprieve {

/// Reads a configuration file (TOML 1.0) of at most 1 MiB. A setting that is not in the file has its default value.
///
/// Throws bad_request if the file cannot be read. If the file has problems, throws one bad_request that reports them,
/// each in one line, in the order of the file, at most 100:
///     config.toml:12:1: trash.scrub_tme: unknown key; did you mean 'scrub_time'?
/// A syntax error of TOML is reported alone, because the text after it cannot be interpreted reliably.
Config load_config(const std::string& file);

/// Does what load_config() does, but for the text of a file. Each line of an error begins with `file_name`.
Config parse_config(std::string_view text, const std::string& file_name);

}  // namespace reprieve
