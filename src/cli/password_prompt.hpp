#pragma once

#include <string>

namespace reprieve::cli {

/// Returns a new password for the user `who`. If `from_stdin` is true, the password is the first line of standard
/// input. Otherwise asks for it twice on the terminal, without echo. There is no way to give a password as an argument
/// of a command, because every user of the machine can see the arguments. Throws bad_request if there is no terminal,
/// if the password is empty or longer than 4096 bytes, if the two passwords differ, or if the user interrupts.
std::string read_new_password(const std::string& who, bool from_stdin);

}  // namespace reprieve::cli
