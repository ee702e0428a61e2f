#pragma once

#include <string>

#include "app/data_folder.hpp"
#include "catalog/engine/location_cipher.hpp"
#include "config/config.hpp"

namespace reprieve::app {

/// Returns the key that the configuration gives (64 hexadecimal digits); empty if it gives none. Throws bad_request if
/// the key file cannot be read or holds no key.
std::string location_key(const Config& config);

/// Re-encrypts all locations in the catalog: from the configuration's key to the key in `new_key_file`. Stores them
/// unencrypted if `new_key_file` is empty. Continues a change that was interrupted. Requires: the appliance is stopped.
/// Throws bad_request if a key file is unusable, and unavailable if the locations have another key than the
/// configuration's.
void change_location_key(const Config& config, const DataFolder& folder, const std::string& new_key_file);

}  // namespace reprieve::app
