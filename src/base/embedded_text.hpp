#pragma once

#include <span>
#include <string_view>

namespace reprieve {

/// A text file that is compiled into the binary (cmake/embed.cmake).
struct EmbeddedText {
    std::string_view name;  ///< the file's name without folder and extension
    std::string_view text;
};

}  // namespace reprieve
