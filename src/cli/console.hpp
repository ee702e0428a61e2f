#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reprieve::cli {

/// Rows under a heading, in columns as wide as they need to be. Control characters, and what is no
/// UTF-8, are shown as "?".
void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows);

/// "6 d 4 h", "4 h 10 min", "50 s", "now".
std::string human_duration(std::int64_t microseconds);

/// Asks on the terminal; true for "y" or "yes" alone.
bool confirm(const std::string& question);

/// A line on stderr that replaces itself, where stderr is a terminal; nothing elsewhere. An empty text ends it.
void show_progress(const std::string& text);

}  // namespace reprieve::cli
