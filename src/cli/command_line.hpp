#pragma once

namespace reprieve::cli {

/// Runs the command that the arguments name and returns the exit status: 0, 1 (failed), 2 (wrong use).
int run(int argument_count, const char* const* arguments);

}  // namespace reprieve::cli
