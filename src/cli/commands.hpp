#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

/// The commands. Each prints for a person, or with --json what the appliance answered, returns the exit status, and
/// throws Error.
int serve(const Options& options);

int trash_list(const Options& options);
int trash_show(const Options& options, const std::string& image);
int trash_restore(const Options& options, const std::vector<std::string>& images);
int trash_purge(const Options& options, const std::vector<std::string>& images);
int trash_empty(const Options& options);

int scrub(const Options& options, bool dry_run);
int check(const Options& options, bool repair);

int check_config(const Options& options);
int print_config(const Options& options);
int version(const Options& options);

}  // namespace reprieve::cli
