#pragma once

#include <string>

#include "config/config.hpp"

namespace reprieve::cli {

/// Options that every command has.
struct Options {
    std::string config_file;  ///< --config; empty if not given
    std::string data;         ///< --data; empty if not given
    std::string listen;       ///< --listen; empty if not given
    std::string web_dir;      ///< --web-dir; empty if not given
    bool json = false;        ///< --json: print JSON instead of text for people
    bool yes = false;         ///< --yes: do not ask for confirmation
};

/// Returns the configuration from the file in --config, or the default configuration if --config was not given. If
/// --listen or --web-dir was given, it replaces the setting server.listen or server.web_dir. Throws bad_request if the
/// file or the address in --listen is invalid.
Config load(const Options& options);

}  // namespace reprieve::cli
