#include <iostream>

#include "app/data_folder.hpp"
#include "app/location_keys.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"

namespace reprieve::cli {

int locations_rotate_key(const Options& options, const std::string& new_key_file) {
    const Config config = load(options);
    configure_log("warning", config.log.format);
    const app::DataFolder folder(app::choose_data_folder(options.data, config.server.data));
    app::change_location_key(config, folder, new_key_file);
    if (options.json) {
        std::cout << R"({"encrypted": )" << (new_key_file.empty() ? "false" : "true") << "}\n";
    } else if (new_key_file.empty()) {
        std::cout << "No location is encrypted any more. Take location_key_file and location_key out of the "
                     "configuration, then start reprieve.\n";
    } else {
        std::cout << "All locations are encrypted with the new key. Add to the configuration, under [catalog]:\n\n"
                  << "location_key_file = \"" << printable(new_key_file)
                  << "\"\n\nThen start reprieve. Keep the old key as long as you keep older backups.\n";
    }
    return 0;
}

}  // namespace reprieve::cli
