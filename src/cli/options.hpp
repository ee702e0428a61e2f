#pragma once

#include <string>

#include "config/config.hpp"

namespace reprieve::cli {

/// Options that every command has.
struct Options {
    std::string config_file;  ///< --config; empty if not given, as the next three
    std::string data;         ///< --data
    std::string listen;       ///< --listen
    std::string web_dir;      ///< --web-dir
    bool json = false;        ///< --json: print JSON
    bool yes = false;         ///< --yes: do not ask for confirmation
};

/// Returns the configuration in --config, or the default one, with --listen and --web-dir in place of its settings.
/// Throws bad_request if the file or an option is invalid.
Config load(const Options& options);

}  // namespace reprieve::cli
