#pragma once

#include <string>

#include "app/data_folder.hpp"
#include "catalog/engine/location_cipher.hpp"
#include "config/config.hpp"

namespace reprieve::app {

/// The key that the configuration names; empty for none. Throws bad_request where its file is of no use.
std::string location_key(const Config& config);

/// Stores all locations in the catalog of a stopped appliance with the key in `new_key_file` instead of the
/// configuration's, or as they are where `new_key_file` is empty. A change that was cut off goes on. Throws bad_request
/// where the file is of no use, unavailable where the configuration's key is not theirs.
void change_location_key(const Config& config, const DataFolder& folder, const std::string& new_key_file);

}  // namespace reprieve::app
