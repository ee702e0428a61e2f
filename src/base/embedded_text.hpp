#pragma once

#include <span>
#include <string_view>

namespace reprieve {

/// Text file that the build (cmake/embed.cmake) compiled into the binary.
struct EmbeddedText {
    std::string_view name;  ///< the file's name without folder and extension
    std::string_view text;
};

}  // namespace reprieve
