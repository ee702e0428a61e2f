#pragma once

#include <string>

namespace reprieve::cli {

/// Returns a new password for the user `who`. Reads the first line of standard input if `from_stdin`; else asks twice
/// on the terminal, without echo. A password is never an argument, because every user of the machine can read
/// arguments. Throws bad_request if there is no terminal, if the password is empty, or if the two passwords differ.
std::string read_new_password(const std::string& who, bool from_stdin);

}  // namespace reprieve::cli
