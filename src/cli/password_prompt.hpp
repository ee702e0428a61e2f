#pragma once

#include <string>

namespace reprieve::cli {

/// A password for `who`: the first line of the standard input where `from_stdin`, else asked for twice on the terminal,
/// which does not show it. Never from the command line, which everybody on the machine can read. Throws bad_request
/// where there is no terminal, where nothing comes, or where the two differ.
std::string read_new_password(const std::string& who, bool from_stdin);

}  // namespace reprieve::cli
