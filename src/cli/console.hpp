#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

/// Returns the text with "?" in place of every character that controls a terminal or changes the direction of the text,
/// and of every byte that is not valid UTF-8.
std::string printable(std::string_view text);

/// Does the same as printable(), but keeps line feeds.
std::string printable_lines(std::string_view text);

/// Prints rows under a heading, in columns that are as wide as their longest cell. Passes each cell through
/// printable(). Requires: no row has more cells than the heading.
void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows);

/// Returns a duration as a text such as "6 d 4 h", "4 h 10 min" or "50 s". Returns "now" if it is less than a second.
std::string human_duration(std::int64_t microseconds);

/// Prints the question on stderr and reads the answer from one line of standard input. Returns true only if the answer
/// is "y", "Y" or "yes".
bool confirm(const std::string& question);

/// Returns true if --yes was given or the user confirms the question. Otherwise prints that nothing was changed, and
/// returns false.
bool may_go_on(const Options& options, const std::string& question);

/// Shows the text on stderr, in place of the text of the previous call. An empty text clears the line. Does nothing if
/// stderr is not a terminal.
void show_progress(const std::string& text);

}  // namespace reprieve::cli
