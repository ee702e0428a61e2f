#pragma once

namespace reprieve::cli {

/// Runs the command that the arguments name. Returns the exit status of the process: 0 (done), 1 (failed) or 2 (wrong
/// use).
int run(int argument_count, const char* const* arguments);

}  // namespace reprieve::cli
