#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/joined.hpp"

namespace reprieve::catalog {

/// Joins words with commas, to store them in one column. Requires: no word is empty or contains a comma.
inline std::string to_column(const std::vector<std::string>& words) { return joined(words, ","); }

/// Splits a column that to_column() made into its words.
inline std::vector<std::string> from_column(std::string_view column) {
    std::vector<std::string> words;
    while (!column.empty()) {
        const std::string_view word = column.substr(0, column.find(','));
        words.emplace_back(word);
        column.remove_prefix(std::min(column.size(), word.size() + 1));
    }
    return words;
}

}  // namespace reprieve::catalog
