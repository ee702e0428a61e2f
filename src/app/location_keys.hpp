#pragma once

#include <string>

#include "app/data_folder.hpp"
#include "catalog/engine/location_cipher.hpp"
#include "config/config.hpp"

namespace reprieve::app {

/// Returns the configured key that encrypts the URIs of image locations: 64 hexadecimal digits, or an empty text if no
/// key is configured. Throws bad_request if the key file cannot be read or holds no key.
std::string location_key(const Config& config);

/// Re-encrypts the URIs of all image locations in the catalog: from the configured key to the key in the file
/// `new_key_file`. If `new_key_file` is empty, stores the URIs in plain text. Continues a change that was interrupted.
/// Requires: the appliance is stopped. Throws bad_request if a key file is unusable, and unavailable if the URIs are
/// encrypted with another key than the configured one.
void change_location_key(const Config& config, const DataFolder& folder, const std::string& new_key_file);

}  // namespace reprieve::app
