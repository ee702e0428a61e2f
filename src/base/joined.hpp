#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace reprieve {

/// Calls `text_of` for each of `parts` and returns the resulting texts in one text, with `separator` between them.
template <typename Parts, typename TextOf = std::identity>
std::string joined(const Parts& parts, std::string_view separator, TextOf text_of = {}) {
    std::string text;
    bool is_first = true;
    for (const auto& part : parts) {
        if (!is_first) text += separator;
        text += std::invoke(text_of, part);
        is_first = false;
    }
    return text;
}

}  // namespace reprieve
