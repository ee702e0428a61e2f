#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprieve {

/// The one of `candidates` that a typing mistake in `word` most likely meant, by edit distance (a swap of
/// neighbours counts once), or that it is the start of; empty where none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace reprieve
