#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

/// Returns the text with "?" for every character that controls a terminal or changes the direction of the text, and for
/// every byte that is not UTF-8.
std::string printable(std::string_view text);

/// Does the same as printable(), but keeps the ends of lines.
std::string printable_lines(std::string_view text);

/// Prints rows under a heading, in columns as wide as needed. Makes the cells printable. Requires: no row has more
/// cells than the heading.
void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows);

/// Returns a text such as "6 d 4 h", "4 h 10 min" or "50 s"; "now" for less than a second.
std::string human_duration(std::int64_t microseconds);

/// Prints the question on stderr and reads a line of standard input. Returns true for "y", "Y" or "yes" only.
bool confirm(const std::string& question);

/// Returns true if --yes was given or confirm() returns true. Otherwise prints that nothing was changed.
bool may_go_on(const Options& options, const std::string& question);

/// Shows the text on stderr in place of the previous one; an empty text clears the line. Does nothing if stderr is not
/// a terminal.
void show_progress(const std::string& text);

}  // namespace reprieve::cli
