#pragma once

#include <string>

namespace reprieve {

/// Reads a file that holds one secret and returns its only line without the line end. `setting` is the key of the
/// configuration to name in errors. Throws bad_request if the file cannot be read, is readable by everybody, is empty,
/// is larger than 4 KiB, has more than one line, or is not UTF-8 text.
std::string read_secret_file(const std::string& path, const std::string& setting);

}  // namespace reprieve
