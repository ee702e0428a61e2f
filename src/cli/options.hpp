#pragma once

#include <string>

#include "config/config.hpp"

namespace reprieve::cli {

/// What every command takes.
struct Options {
    std::string config_file;
    std::string data;     ///< --data; empty where it was not given
    std::string listen;   ///< --listen; empty where it was not given
    std::string web_dir;  ///< --web-dir; empty where it was not given
    bool json = false;
    bool yes = false;
};

/// The configuration that the options name, with --listen and --web-dir over it. Throws bad_request.
Config load(const Options& options);

}  // namespace reprieve::cli
