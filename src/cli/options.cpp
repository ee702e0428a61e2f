#include "cli/options.hpp"

#include <filesystem>

#include "config/listen_address.hpp"
#include "config/load.hpp"

namespace reprieve::cli {

Config load(const Options& options) {
    Config config = options.config_file.empty() ? Config{} : load_config(options.config_file);
    if (!options.listen.empty()) {
        parse_listen_address(options.listen);
        config.server.listen = options.listen;
    }
    if (!options.web_dir.empty()) config.server.web_dir = std::filesystem::absolute(options.web_dir);
    return config;
}

}  // namespace reprieve::cli
