#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprieve {

/// Returns the candidate that the user most likely meant by `word`: the one with the smallest edit distance, where a
/// swap of neighbours counts once and a candidate that begins with `word` counts as distance 1. Returns an empty text
/// if no candidate is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace reprieve
