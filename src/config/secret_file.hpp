#pragma once

#include <string>

namespace reprieve {

/// The one line in a file that holds a secret, without its end. `setting` names the key of the configuration in errors.
/// Throws bad_request where the file cannot be read, can be read by everybody, is empty, holds more than 4 KiB or more
/// than a line, or is no UTF-8.
std::string read_secret_file(const std::string& path, const std::string& setting);

}  // namespace reprieve
