#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

/// The text with "?" for every character that steers a terminal or turns the direction of the text, and for every byte
/// that is not UTF-8.
std::string printable(std::string_view text);

/// The same, but lines stay lines.
std::string printable_lines(std::string_view text);

/// Rows under a heading, in columns as wide as they need to be. Cells are made printable.
void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows);

/// "6 d 4 h", "4 h 10 min", "50 s", "now".
std::string human_duration(std::int64_t microseconds);

/// Asks on the terminal; true for "y" or "yes" alone.
bool confirm(const std::string& question);

/// True where --yes was given, or the answer to the question is yes; says so where nothing will be done.
bool may_go_on(const Options& options, const std::string& question);

/// A line on stderr that replaces itself, where stderr is a terminal; nothing elsewhere. An empty text ends it.
void show_progress(const std::string& text);

}  // namespace reprieve::cli
