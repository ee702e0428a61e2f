#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace reprieve::tests {

/// Returns `model` after 0 to 3 random edits. Each edit replaces a byte by one of `spice`, or deletes up to
/// `longest - 1` bytes.
inline std::string mangled(std::string model, std::string_view spice, std::size_t longest, std::minstd_rand& random) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    for (std::size_t edits = below(4); edits > 0; --edits) {
        const std::size_t at = below(model.size());
        if (below(2) == 0)
            model[at] = spice[below(spice.size())];
        else
            model.erase(at, below(longest));
    }
    return model;
}

}  // namespace reprieve::tests
