#include "cli/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/utf8.hpp"

namespace reprieve::cli {
namespace {

std::string printable(const std::string& text) {
    const bool is_utf8 = utf8_length(text).has_value();
    std::string shown;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F are control characters, too: some terminals obey them.
        const bool is_c1 = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        const bool is_control = c < 0x20 || c == 0x7f || is_c1 || (c >= 0x80 && !is_utf8);
        shown += is_control ? '?' : text[i];
        if (is_c1) ++i;
    }
    return shown;
}

std::size_t width_of(const std::string& text) { return utf8_length(text).value_or(text.size()); }

void print_row(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string cell = printable(row[i]);
        line += cell;
        if (i + 1 < row.size()) line += std::string(widths[i] - width_of(cell) + 2, ' ');
    }
    std::cout << line << '\n';
}

}  // namespace

void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const std::string& cell : heading) widths.push_back(width_of(cell));
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(printable(row[i])));
    }
    print_row(heading, widths);
    for (const auto& row : rows) print_row(row, widths);
}

std::string human_duration(std::int64_t microseconds) {
    const std::int64_t seconds = microseconds / us_per_second;
    if (seconds <= 0) return "now";
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min", seconds / 60);
    if (seconds < 86'400) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
    return fmt::format("{} d {} h", seconds / 86'400, seconds % 86'400 / 3600);
}

bool confirm(const std::string& question) {
    std::cerr << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

void show_progress(const std::string& text) {
    if (::isatty(STDERR_FILENO) == 0) return;
    std::cerr << "\r\033[K" << text << std::flush;
}

}  // namespace reprieve::cli
