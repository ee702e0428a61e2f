#pragma once

#include <span>
#include <string_view>

namespace reprieve {

/// A text file that was compiled into the binary.
struct EmbeddedText {
    std::string_view name;  ///< the file's name without folder and ending
    std::string_view text;
};

}  // namespace reprieve
