#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprieve {

/// Returns the candidate that the user most likely meant by `word`: the one with the smallest edit distance. A swap of
/// two neighbouring characters counts as one edit, and a candidate that begins with `word` has the distance 1 if `word`
/// has at least 3 characters. Returns an empty text if no candidate is near enough, and if `word` is longer than 64
/// bytes.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace reprieve
