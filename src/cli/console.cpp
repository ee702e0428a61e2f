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

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto character = first_character(text);
        const std::size_t bytes = character ? character->bytes : 1;
        if (character && !steers_output(character->code))
            result += text.substr(0, bytes);
        else
            result += '?';
        text.remove_prefix(bytes);
    }
    return result;
}

std::string printable_lines(std::string_view text) {
    std::string result;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        result += printable(text.substr(0, end)) + '\n';
        text.remove_prefix(end + 1);
    }
    return result + printable(text);
}

void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    widths.reserve(heading.size());
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

bool may_go_on(const Options& options, const std::string& question) {
    if (options.yes || confirm(question)) return true;
    std::cerr << "reprieve: nothing was changed\n";
    return false;
}

void show_progress(const std::string& text) {
    if (::isatty(STDERR_FILENO) == 0) return;
    std::cerr << "\r\033[K" << text << std::flush;
}

}  // namespace reprieve::cli
