#include <iostream>

#include "cli/commands.hpp"
#include "config/auth_mode.hpp"
#include "config/print.hpp"

namespace reprieve::cli {

int check_config(const Options& options) {
    require_safe_listen(load(options));
    if (options.json)
        std::cout << "{\"valid\": true}\n";
    else
        std::cout << (options.config_file.empty() ? "the defaults" : options.config_file) << ": fine\n";
    return 0;
}

int print_config(const Options& options) {
    std::cout << reprieve::print_config(load(options));
    return 0;
}

int version(const Options& options) {
    if (options.json)
        std::cout << "{\"version\": \"" REPRIEVE_VERSION "\"}\n";
    else
        std::cout << "reprieve " REPRIEVE_VERSION "\n";
    return 0;
}

}  // namespace reprieve::cli
